package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.access.Security;
import dev.rung.access.TlsFiles;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServeTest {
  private static final Optional<InetSocketAddress> METRICS = at("127.0.0.1", 7351);
  private static final Optional<InetSocketAddress> NOWHERE = Optional.empty();

  private final Terminal terminal = new Terminal();
  private final List<ServerStarter.Settings> started = new ArrayList<>();

  @BeforeEach
  void fake() {
    terminal.commands = Commands.all(() -> this::start);
  }

  @Test
  void shouldSayWhereItTakesCalls() {
    assertThat(terminal.run("serve", "--port", "0", "--lost-after", "5s", "--tied-for", "2m"))
        .isZero();

    assertThat(terminal.out()).isEqualTo("ready 127.0.0.1:4711\n");
    Path data = Path.of("rung-data").toAbsolutePath();
    assertThat(terminal.err()).isEqualTo("data in " + data + "\n");
    assertThat(started)
        .containsExactly(
            new ServerStarter.Settings(
                data,
                "127.0.0.1",
                0,
                Optional.of(Duration.ofSeconds(5)),
                Optional.of(Duration.ofMinutes(2)),
                Optional.empty(),
                Security.NONE,
                Optional.empty()));
  }

  @Test
  void shouldShowMetricsWhereTheFirstServerOfAMachineDoes() {
    assertThat(terminal.run("serve")).isZero();
    assertThat(started).last().extracting(ServerStarter.Settings::http).isEqualTo(METRICS);
    assertThat(terminal.err()).endsWith("\nmetrics at http://127.0.0.1:7351/metrics\n");

    assertThat(terminal.run("serve", "--http", "off")).isZero();
    assertThat(started).last().extracting(ServerStarter.Settings::http).isEqualTo(NOWHERE);
    assertThat(terminal.run("serve", "--port", "7360")).isZero();
    assertThat(started).last().extracting(ServerStarter.Settings::http).isEqualTo(NOWHERE);
    assertThat(terminal.run("serve", "--port", "7360", "--http", "[::1]:0")).isZero();
    assertThat(started).last().extracting(ServerStarter.Settings::http).isEqualTo(at("::1", 0));
  }

  @Test
  void shouldRefuseToShowMetricsOffTheLoopback() {
    assertThat(terminal.run("serve", "--http", "0.0.0.0:7351")).isEqualTo(2);
    assertThat(terminal.err())
        .isEqualTo(
            "rung: --http: expected an address of this machine's loopback, but came 0.0.0.0:"
                + " it has no TLS\n");
    assertThat(terminal.run("serve", "--http", "on")).isEqualTo(2);
    assertThat(terminal.err())
        .isEqualTo("rung: --http: expected HOST:PORT or off, but came \"on\"\n");
    assertThat(started).isEmpty();
  }

  @Test
  void shouldWriteAnAddressOfIpv6InBrackets() {
    assertThat(terminal.run("serve", "--host", "::1")).isZero();
    assertThat(terminal.out()).isEqualTo("ready [::1]:4711\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
  void shouldSayWhatItTakesToServeOffTheLoopback(String host) {
    assertThat(terminal.run("serve", "--data", "data", "--host", host)).isEqualTo(2);

    String forHost = host.equals("192.0.2.1") ? " --host 192.0.2.1" : "";
    assertThat(terminal.err())
        .isEqualTo(
            """
            rung: --host: %1$s can be reached from a network, so the server needs TLS and tokens. Run:
              rung certs init --dir rung-certs%2$s
              (umask 077; rung token create --data data --role admin > admin.token)
              rung serve --data data --host %1$s --port 7350 --tls-cert rung-certs/server.crt --tls-key rung-certs/server.key
            """
                .formatted(host, forHost));
    assertThat(started).isEmpty();
  }

  @Test
  void shouldServeOffTheLoopbackWithTlsAndAToken(@TempDir Path data) {
    String[] serve = {
      "serve", "--data", data.toString(), "--host", "192.0.2.1", "--tls-cert", "c", "--tls-key", "k"
    };
    assertThat(terminal.run(serve)).isEqualTo(2);
    assertThat(terminal.err()).contains("rung token create").doesNotContain("rung certs");

    assertThat(terminal.run("token", "create", "--data", data.toString(), "--role", "admin"))
        .isZero();
    assertThat(terminal.run(serve)).isZero();
    assertThat(started)
        .extracting(ServerStarter.Settings::security)
        .containsExactly(
            new Security(
                Optional.of(new TlsFiles(Path.of("c"), Path.of("k"), Optional.empty())), true));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--host 192.0.2.1 --insecure",
        "--insecure --auth",
        "--insecure --tls-cert c --tls-key k",
        "--tls-cert c",
        "--tls-key k",
        "--client-ca c"
      })
  void shouldRefuseWhatContradictsItself(String options) {
    List<String> typed = new ArrayList<>(List.of("serve"));
    typed.addAll(List.of(options.split(" ", -1)));
    assertThat(terminal.run(typed.toArray(String[]::new))).isEqualTo(2);
    assertThat(terminal.err()).contains("expected").contains("but came");
    assertThat(started).isEmpty();
  }

  @Test
  void shouldAskForTokensOnTheLoopbackWhereItIsToldTo() {
    assertThat(terminal.run("serve", "--insecure")).isZero();
    assertThat(terminal.run("serve", "--auth")).isZero();
    assertThat(started)
        .extracting(ServerStarter.Settings::security)
        .containsExactly(Security.NONE, new Security(Optional.empty(), true));
  }

  @Test
  void shouldSayWhyAServerCannotStart() {
    terminal.commands =
        Commands.all(() ->
            settings -> {
              throw new ServerStarter.StartException("expected a free port, but 1 is in use");
            });

    assertThat(terminal.run("serve")).isEqualTo(1);
    assertThat(terminal.err()).isEqualTo("rung: expected a free port, but 1 is in use\n");
  }

  @SuppressWarnings("AddressSelection") // Literals stand for one address each.
  private static Optional<InetSocketAddress> at(String host, int port) {
    return Optional.of(new InetSocketAddress(host, port));
  }

  private ServerStarter.RunningServer start(ServerStarter.Settings settings) {
    started.add(settings);
    return new ServerStarter.RunningServer() {
      @Override
      public int port() {
        return 4711;
      }

      @Override
      public Optional<InetSocketAddress> http() {
        return settings.http();
      }

      @Override
      public void awaitTermination() {}

      @Override
      public void close() {}
    };
  }
}
