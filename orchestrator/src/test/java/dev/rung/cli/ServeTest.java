package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ServeTest {
  private final Terminal terminal = new Terminal();
  private final List<ServerStarter.Settings> started = new ArrayList<>();

  @BeforeEach
  void fake() {
    terminal.commands = Commands.all(() -> this::start);
  }

  @Test
  void shouldSayWhereItTakesCalls() {
    assertThat(terminal.run("serve", "--port", "0", "--lost-after", "5s")).isZero();

    assertThat(terminal.out()).isEqualTo("ready 127.0.0.1:4711\n");
    Path data = Path.of("rung-data").toAbsolutePath();
    assertThat(terminal.err()).isEqualTo("data in " + data + "\n");
    assertThat(started)
        .containsExactly(
            new ServerStarter.Settings(
                data, "127.0.0.1", 0, Optional.of(Duration.ofSeconds(5)), Optional.empty()));
  }

  @Test
  void shouldWriteAnAddressOfIpv6InBrackets() {
    assertThat(terminal.run("serve", "--host", "::1")).isZero();
    assertThat(terminal.out()).isEqualTo("ready [::1]:4711\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0.0.0.0", "::", "192.0.2.1"})
  void shouldRefuseToServeOffTheLoopback(String host) {
    assertThat(terminal.run("serve", "--host", host)).isEqualTo(2);

    assertThat(terminal.err()).contains("--host: expected an address of this machine's loopback");
    assertThat(started).isEmpty();
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

  private ServerStarter.RunningServer start(ServerStarter.Settings settings) {
    started.add(settings);
    return new ServerStarter.RunningServer() {
      @Override
      public int port() {
        return 4711;
      }

      @Override
      public void awaitTermination() {}

      @Override
      public void close() {}
    };
  }
}
