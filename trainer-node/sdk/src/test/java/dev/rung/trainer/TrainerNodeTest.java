package dev.rung.trainer;

import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrainerNodeTest {
  private final TrainerNode.Builder builder =
      TrainerNode.builder().name("gpu-1").server("localhost:7350").kind("test", trial -> {});

  @ParameterizedTest
  @ValueSource(strings = {"", "a b", "../x", "é"})
  void shouldRefuseNameWhenItIsNotPlain(String name) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.name(name).build())
        .withMessage("expected a node's name of 1 to 128 of A-Za-z0-9._-, got '" + name + "'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "localhost",
        ":7350",
        "localhost:",
        "localhost:0",
        "localhost:65536",
        "a:b:1",
        "http://localhost:7350",
        "::1:7350",
        "local host:1"
      })
  void shouldRefuseServerWhenItIsNotHostAndPort(String server) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.server(server).build())
        .withMessage("expected a server as HOST:PORT, got '" + server + "'");
  }

  @ParameterizedTest
  @ValueSource(strings = {"localhost:1", "[::1]:7350", "rung.example.org:65535", "10.0.0.7:7350"})
  void shouldTakeServerWhenItIsHostAndPort(String server) {
    builder.server(server).build().close();
  }

  @Test
  void shouldRefuseSlotsAndKindsWhenOutOfTheirLimits() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> builder.slots(0).build())
        .withMessage("expected 1 to 4096 slots, got '0'");
    assertThatIllegalArgumentException().isThrownBy(() -> builder.slots(4_097).build());
    assertThatIllegalArgumentException()
        .isThrownBy(() -> TrainerNode.builder().name("n").server("h:1").build())
        .withMessage("expected 1 to 64 kinds of trainers, got '[]'");
  }
}
