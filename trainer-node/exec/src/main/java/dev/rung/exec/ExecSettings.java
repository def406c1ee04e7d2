package dev.rung.exec;

import dev.rung.trainer.process.GpuPool;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/**
 * How a node runs a command.
 *
 * @param metrics how its metrics are read
 * @param grace how long it may take to end once it is told to
 * @param exitCodes what exit codes mean; those that are absent are errors, and 0 is none
 * @param gpus GPUs that attempts are pinned to, one a slot; empty: the command sees what it sees
 * @param work where each attempt has a folder of its own
 */
record ExecSettings(
    MetricOptions metrics,
    Duration grace,
    Map<Integer, ExitCause> exitCodes,
    Optional<GpuPool> gpus,
    Path work) {
  /** How long a command may take to end by default. */
  static final Duration DEFAULT_GRACE = Duration.ofSeconds(20);
}
