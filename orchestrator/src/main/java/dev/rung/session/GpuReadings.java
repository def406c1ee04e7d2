package dev.rung.session;

import dev.rung.fleet.GpuReading;
import java.time.Duration;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;

/** The newest readings of a node's GPUs, held to their limits and forgotten when they are old. */
final class GpuReadings {
  static final int MOST_GPUS = 64;
  static final int LARGEST_INDEX = 4_095;
  static final int LONGEST_NAME = 64;
  private static final int ALL_OF_THE_TIME = 100;

  /** Nodes read every ten seconds. */
  static final Duration OLD = Duration.ofMinutes(1);

  private List<GpuReading> newest = List.of();
  private long read;

  /**
   * Takes what a node read.
   *
   * @param now in nanoseconds of the monotonic clock
   * @throws ProtocolException it breaks a limit
   */
  void take(List<dev.rung.proto.v1.GpuReading> gpus, long now) {
    HelloReader.atMost("GPUs", gpus.size(), MOST_GPUS);
    if (!gpus.isEmpty()) {
      newest = gpus.stream().map(GpuReadings::checked).toList();
      read = now;
    }
  }

  /** What is known now. */
  List<GpuReading> at(long now) {
    return now - read > OLD.toNanos() ? List.of() : newest;
  }

  private static GpuReading checked(dev.rung.proto.v1.GpuReading gpu) {
    HelloReader.atMost("as index of a GPU", Integer.toUnsignedLong(gpu.getIndex()), LARGEST_INDEX);
    HelloReader.atMost("characters of a GPU's name", gpu.getName().length(), LONGEST_NAME);
    HelloReader.text("a GPU's name", gpu.getName());
    HelloReader.atMost(
        "% utilization of a GPU", Integer.toUnsignedLong(gpu.getUtilization()), ALL_OF_THE_TIME);
    if (gpu.getMemoryUsed() < 0 || gpu.getMemoryTotal() < 0) {
      throw new ProtocolException(
          "expected less than 2^63 bytes of memory of a GPU, but came more");
    }
    return new GpuReading(
        gpu.getIndex(),
        gpu.getName(),
        gpu.hasMemoryUsed() ? OptionalLong.of(gpu.getMemoryUsed()) : OptionalLong.empty(),
        gpu.hasMemoryTotal() ? OptionalLong.of(gpu.getMemoryTotal()) : OptionalLong.empty(),
        gpu.hasUtilization() ? OptionalInt.of(gpu.getUtilization()) : OptionalInt.empty(),
        gpu.hasTemperature() ? OptionalInt.of(gpu.getTemperature()) : OptionalInt.empty());
  }
}
