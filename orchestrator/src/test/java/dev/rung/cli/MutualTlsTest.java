package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.access.CertificateAuthority;
import dev.rung.access.Pem;
import dev.rung.access.Security;
import dev.rung.access.TlsFiles;
import dev.rung.app.Server;
import dev.rung.app.ServerSettings;
import dev.rung.trainer.ScriptedTrainer;
import dev.rung.trainer.TrainerNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server that takes only clients with a certificate of its authority, and what they show. */
@Timeout(120)
class MutualTlsTest {
  @TempDir private static Path folder;
  private static Path certs;
  private static Path token;
  private static Server server;

  private final Terminal terminal = new Terminal();

  @BeforeAll
  static void start() throws IOException {
    certs = folder.resolve("certs");
    Path data = folder.resolve("data");
    Terminal first = new Terminal();
    assertThat(first.run("certs", "init", "--dir", certs.toString())).isZero();
    assertThat(first.run("certs", "client", "ann", "--dir", certs.toString())).isZero();
    assertThat(first.out())
        .isEqualTo(
            "ann: --cert %1$s/ann.crt --cert-key %1$s/ann.key\nserver: --client-ca %1$s/ca.crt\n"
                .formatted(certs));
    token = folder.resolve("token");
    assertThat(first.run("token", "create", "--data", data.toString(), "--role", "admin")).isZero();
    Files.writeString(token, first.out());
    TlsFiles files =
        new TlsFiles(
            certs.resolve("server.crt"),
            certs.resolve("server.key"),
            Optional.of(certs.resolve("ca.crt")));
    server =
        Server.start(
            new ServerSettings(data, "127.0.0.1", 0, Duration.ofSeconds(60))
                .protectedBy(new Security(Optional.of(files), true)));
  }

  @AfterAll
  static void end() {
    server.close();
  }

  private int list(String... shown) {
    List<String> words =
        new ArrayList<>(
            List.of(
                "study",
                "list",
                "--server",
                "127.0.0.1:" + server.port(),
                "--ca",
                certs.resolve("ca.crt").toString(),
                "--token-file",
                token.toString()));
    words.addAll(List.of(shown));
    return terminal.run(words.toArray(String[]::new));
  }

  private int listAs(Path certificate, Path key) {
    return list("--cert", certificate.toString(), "--cert-key", key.toString());
  }

  @Test
  void shouldServeWhoShowsACertificateOfItsAuthority() {
    assertThat(listAs(certs.resolve("ann.crt"), certs.resolve("ann.key")))
        .as(terminal.err())
        .isZero();
    terminal.environment.put("RUNG_CERT", certs.resolve("ann.crt").toString());
    terminal.environment.put("RUNG_CERT_KEY", certs.resolve("ann.key").toString());
    assertThat(list()).as(terminal.err()).isZero();
  }

  @Test
  void shouldRefuseWhoShowsNone() {
    assertThat(list()).isEqualTo(4);
    assertThat(terminal.err())
        .contains("takes only clients with a certificate: --cert and --cert-key show one");
  }

  @Test
  void shouldRefuseACertificateOfAnotherAuthority() {
    CertificateAuthority stranger = new CertificateAuthority(folder.resolve("stranger"));
    stranger.create();
    stranger.certifyClient("ann");
    assertThat(listAs(stranger.clientCertificate("ann"), stranger.clientKey("ann"))).isEqualTo(4);
  }

  /** It is signed, but for another purpose: whoever has it could pass for a client otherwise. */
  @Test
  void shouldRefuseTheCertificateOfAServer() {
    assertThat(listAs(certs.resolve("server.crt"), certs.resolve("server.key"))).isEqualTo(4);
  }

  @Test
  void shouldSayWhatDoesNotFit() {
    assertThat(list("--cert", certs.resolve("ann.crt").toString())).isEqualTo(2);
    assertThat(terminal.err())
        .contains(
            "expected --cert or RUNG_CERT with --cert-key or RUNG_CERT_KEY, but came one of them");
    assertThat(listAs(certs.resolve("ann.crt"), certs.resolve("server.key"))).isEqualTo(2);
    assertThat(terminal.err()).contains("expected the key of the certificate");
    assertThat(listAs(certs.resolve("none.crt"), certs.resolve("ann.key"))).isEqualTo(2);
    assertThat(terminal.err()).contains("none.crt");
  }

  @Test
  void shouldMakeCertificatesOfClientsOnce() throws IOException {
    String[] client = {"certs", "client", "bob", "--dir", certs.toString()};
    assertThat(terminal.run(client)).isZero();
    String first = Files.readString(certs.resolve("bob.crt"));
    assertThat(
            PosixFilePermissions.toString(Files.getPosixFilePermissions(certs.resolve("bob.key"))))
        .isEqualTo("rw-------");
    assertThat(
            Pem.certificates(certs.resolve("bob.crt")).get(0).getSubjectX500Principal().getName())
        .isEqualTo("CN=bob");

    assertThat(terminal.run(client)).isEqualTo(5);
    assertThat(terminal.err()).contains("there is " + certs.resolve("bob.crt")).contains("--renew");
    assertThat(Files.readString(certs.resolve("bob.crt"))).isEqualTo(first);
    assertThat(
            terminal.run(
                "certs", "client", "bob", "--renew", "--dir", certs.toString(), "-o", "json"))
        .isZero();
    assertThat(terminal.out()).startsWith("{\"name\":\"bob\",\"certificate\":");
    assertThat(Files.readString(certs.resolve("bob.crt"))).isNotEqualTo(first);

    for (String name : List.of("ca", "Server", "../x", "a/b", "", "CN=x,O=y")) {
      assertThat(terminal.run("certs", "client", name, "--dir", certs.toString())).isEqualTo(2);
      assertThat(terminal.err()).contains("expected the name of a client");
    }
    assertThat(terminal.run("certs", "client", "x", "--dir", folder.resolve("no").toString()))
        .isEqualTo(3);
    assertThat(terminal.err()).contains("rung certs init");
  }

  @Test
  void shouldTakeNodesWithACertificateOnly() throws Exception {
    assertThat(
            terminal.run(
                "token",
                "create",
                "--data",
                folder.resolve("data").toString(),
                "--role",
                "trainer"))
        .isZero();
    String secret = terminal.out().strip();
    try (TrainerNode with =
            node("with", secret)
                .identity(certs.resolve("ann.crt"), certs.resolve("ann.key"))
                .build();
        TrainerNode without = node("without", secret).build()) {
      without.start();
      with.start();
      long until = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (!with.isConnected()) {
        assertThat(System.nanoTime()).isLessThan(until);
        TimeUnit.MILLISECONDS.sleep(20);
      }
      assertThat(without.isConnected()).isFalse();
    }
  }

  private static TrainerNode.Builder node(String name, String secret) {
    return TrainerNode.builder()
        .name(name)
        .server("127.0.0.1:" + server.port())
        .tls(certs.resolve("ca.crt"))
        .token(secret)
        .kind("scripted", new ScriptedTrainer());
  }
}
