package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tokens in a data folder and certificates in another, without a server. */
class TokenCommandsTest {
  private static final String CANARY = "rung_canary and more";

  @TempDir private Path folder;
  private final Terminal terminal = new Terminal();

  @Test
  void shouldPrintATokenAloneOnItsStream() throws IOException {
    assertThat(create("--role", "trainer", "--pool", "gpus", "--name", "of ann")).isZero();

    assertThat(terminal.out()).matches("rung_[A-Za-z0-9_-]{43}\n");
    assertThat(terminal.err())
        .matches("token [0-9a-f]{12} for a trainer, until .*Z\\. It is kept nowhere: .*\n");
    String secret = terminal.out().strip();
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        assertThat(Files.readString(file)).doesNotContain(secret);
      }
    }

    assertThat(run("token", "list")).isZero();
    assertThat(terminal.out().lines().toList().get(0))
        .matches("ID +ROLE +STATE +EXPIRES +POOL +NAME");
    assertThat(terminal.out().lines().toList().get(1))
        .matches("[0-9a-f]{12} +trainer +VALID +2.*Z +gpus +of ann");
    assertThat(terminal.out()).doesNotContain(secret);
  }

  @Test
  void shouldPrintForPrograms() {
    assertThat(create("--role", "viewer", "--expires", "90d", "-o", "json")).isZero();
    assertThat(terminal.out())
        .matches("\\{\"id\":\"[0-9a-f]{12}\",\"role\":\"viewer\",.*\"token\":\"rung_[^\"]*\"}\n");

    assertThat(run("token", "list", "-o", "json")).isZero();
    assertThat(terminal.out()).startsWith("[{\"id\":").doesNotContain("rung_");
  }

  @Test
  void shouldRevokeByTheIdThatIsListed() {
    assertThat(create("--role", "operator")).isZero();
    assertThat(run("token", "list")).isZero();
    String id = terminal.out().lines().toList().get(1).substring(0, 12);

    assertThat(run("token", "revoke", id)).isZero();
    assertThat(terminal.out()).isEqualTo("token " + id + "  REVOKED\n");
    assertThat(run("token", "list")).isZero();
    assertThat(terminal.out()).contains("REVOKED");

    assertThat(run("token", "revoke", "0123456789ab")).isEqualTo(3);
    assertThat(terminal.err()).contains("there is none with the id '0123456789ab'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--role boss",
        "--role viewer --expires 366d",
        "--role viewer --expires 0s",
        "--role viewer --pool gpus",
        "--role trainer --pool ../x",
        "--role viewer --server 127.0.0.1:1"
      })
  void shouldRefuseWhatIsBeyondItsLimits(String options) {
    assertThat(create(options.split(" ", -1))).isEqualTo(2);
    assertThat(folder.resolve("tokens.json")).doesNotExist();
  }

  @Test
  void shouldMakeNoTokenInAFolderOfSomethingElse() throws IOException {
    Files.writeString(folder.resolve("thesis.tex"), "");
    assertThat(create("--role", "admin")).isEqualTo(1);
    assertThat(terminal.err()).contains("expected an empty folder or a data folder at " + folder);
    assertThat(folder.resolve("tokens.json")).doesNotExist();
  }

  @Test
  void shouldNotSayWhatIsInAFileThatHasNoToken() throws IOException {
    Path file = Files.writeString(folder.resolve("token"), CANARY);
    assertThat(terminal.run("study", "list", "--token-file", file.toString())).isEqualTo(2);
    assertThat(terminal.err())
        .isEqualTo("rung: " + file + ": expected a token, but came something else\n");

    terminal.environment.put("RUNG_TOKEN", CANARY);
    assertThat(terminal.run("study", "list")).isEqualTo(2);
    assertThat(terminal.err())
        .isEqualTo("rung: RUNG_TOKEN: expected a token, but came something else\n");

    assertThat(terminal.run("study", "list", "--token-file", "nowhere")).isEqualTo(2);
    assertThat(terminal.err()).isEqualTo("rung: nowhere: there is no such file\n");
  }

  @Test
  void shouldMakeCertificatesOnceAndRenewTheServers() throws IOException {
    Path certs = folder.resolve("certs");
    String[] init = {"certs", "init", "--dir", certs.toString()};
    assertThat(terminal.run("certs", "init", "--renew", "--dir", certs.toString())).isEqualTo(3);
    assertThat(
            terminal.run(
                "certs", "init", "--dir", certs.toString(), "--host", "a.example", "192.0.2.7"))
        .isZero();
    assertThat(terminal.out())
        .isEqualTo(
            """
            server: --tls-cert %1$s/server.crt --tls-key %1$s/server.key
            everybody who calls it: --ca %1$s/ca.crt
            it may be dialled as a.example, 192.0.2.7, localhost, 127.0.0.1, 0:0:0:0:0:0:0:1
            """
                .formatted(certs));
    for (String name : new String[] {"ca.key", "server.key"}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(certs.resolve(name))))
          .isEqualTo("rw-------");
    }
    String authority = Files.readString(certs.resolve("ca.crt"));
    String server = Files.readString(certs.resolve("server.crt"));

    assertThat(terminal.run(init)).isEqualTo(5);
    assertThat(terminal.err()).contains("there is " + certs.resolve("ca.crt")).contains("--renew");
    assertThat(Files.readString(certs.resolve("server.crt"))).isEqualTo(server);

    assertThat(terminal.run("certs", "init", "--renew", "--dir", certs.toString(), "-o", "json"))
        .isZero();
    assertThat(terminal.out()).contains("\"hosts\":[\"a.example\",\"192.0.2.7\",");
    assertThat(Files.readString(certs.resolve("ca.crt"))).isEqualTo(authority);
    assertThat(Files.readString(certs.resolve("server.crt"))).isNotEqualTo(server);
  }

  @ParameterizedTest
  @ValueSource(strings = {"a,dns:b", "a b", "-x", "a\nb", "999:zz"})
  void shouldRefuseANameThatIsNone(String host) {
    Path certs = folder.resolve("certs");
    assertThat(terminal.run("certs", "init", "--dir", certs.toString(), "--host=" + host))
        .isEqualTo(1);
    assertThat(terminal.err()).contains("expected the name or the address of a host");
    assertThat(certs).doesNotExist();
  }

  private int create(String... options) {
    String[] words = new String[options.length + 2];
    words[0] = "token";
    words[1] = "create";
    System.arraycopy(options, 0, words, 2, options.length);
    return run(words);
  }

  private int run(String... words) {
    String[] all = Arrays.copyOf(words, words.length + 2);
    all[words.length] = "--data";
    all[words.length + 1] = folder.toString();
    return terminal.run(all);
  }
}
