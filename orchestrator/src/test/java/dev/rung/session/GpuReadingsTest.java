package dev.rung.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.proto.v1.GpuReading;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class GpuReadingsTest {
  private final GpuReadings readings = new GpuReadings();

  private static GpuReading.Builder gpu() {
    return GpuReading.newBuilder().setIndex(3).setName("NVIDIA A100").setUtilization(87);
  }

  private void take(GpuReading.Builder gpu) {
    readings.take(List.of(gpu.build()), 0);
  }

  @Test
  void shouldKeepTheNewestUntilTheyAreOld() {
    long begin = Long.MAX_VALUE - 5;
    assertThat(readings.at(begin)).isEmpty();
    readings.take(List.of(gpu().build(), gpu().build()), begin);
    readings.take(List.of(gpu().setMemoryUsed(0).build()), begin + 10);
    readings.take(List.of(), begin + 20);
    long old = begin + 10 + GpuReadings.OLD.toNanos();
    assertThat(readings.at(old))
        .containsExactly(
            new dev.rung.fleet.GpuReading(
                3,
                "NVIDIA A100",
                OptionalLong.of(0),
                OptionalLong.empty(),
                OptionalInt.of(87),
                OptionalInt.empty()));
    assertThat(readings.at(old + 1)).isEmpty();
  }

  @Test
  void shouldHoldNodesToTheLimits() {
    readings.take(Collections.nCopies(64, gpu().setIndex(4_095).setUtilization(100).build()), 0);
    assertThatThrownBy(() -> readings.take(Collections.nCopies(65, gpu().build()), 0))
        .hasMessage("expected at most 64 GPUs, but came 65");
    assertThatThrownBy(() -> take(gpu().setIndex(-1)))
        .hasMessage("expected at most 4095 as index of a GPU, but came 4294967295");
    assertThatThrownBy(() -> take(gpu().setName("x".repeat(65))))
        .hasMessage("expected at most 64 characters of a GPU's name, but came 65");
    assertThatThrownBy(() -> take(gpu().setName("a\nb")))
        .hasMessageContaining("control characters");
    assertThatThrownBy(() -> take(gpu().setUtilization(101)))
        .hasMessage("expected at most 100 % utilization of a GPU, but came 101");
    assertThatThrownBy(() -> take(gpu().setMemoryUsed(-1)))
        .hasMessageStartingWith("expected less than 2^63 bytes");
  }
}
