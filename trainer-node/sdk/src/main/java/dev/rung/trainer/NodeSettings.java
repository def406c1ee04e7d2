package dev.rung.trainer;

import dev.rung.trainer.process.GpuPool;
import io.grpc.ManagedChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a node is told at its start; {@link TrainerNode.Builder} checks it.
 *
 * @param gpus that its trials are pinned to; null: they see what the node sees
 * @param dataFolder of this node alone; null: logs are kept in memory
 * @param checkpoints what the places of its checkpoints begin with; empty: where the server says
 */
record NodeSettings(
    String name,
    String server,
    String pool,
    Map<String, String> labels,
    double slotHourPrice,
    int slots,
    @Nullable GpuPool gpus,
    Map<String, Trainer> kinds,
    long seed,
    Supplier<ManagedChannel> channels,
    @Nullable Path dataFolder,
    String checkpoints,
    long maxCheckpointBytes,
    Duration drainDeadline,
    Timing timing) {

  /**
   * Times that only tests change.
   *
   * @param firstBackoff the first bound of the wait before dialling again
   * @param longestBackoff the last bound
   * @param welcome the longest wait for the server's Welcome
   * @param grace how long a trainer that must end at once may take before its thread is
   *     interrupted, and how long a node that ends waits for trainers and acknowledgements
   * @param drop how long a checkpoint stays after the server dropped it
   * @param gpus how long it waits before it reads its GPUs again
   */
  record Timing(
      Duration firstBackoff,
      Duration longestBackoff,
      Duration welcome,
      Duration grace,
      Duration drop,
      Duration gpus) {
    static final Timing DEFAULT =
        new Timing(
            Duration.ofMillis(500),
            Duration.ofSeconds(30),
            Duration.ofSeconds(10),
            Duration.ofSeconds(10),
            Duration.ofMinutes(10),
            Duration.ofSeconds(10));
  }
}
