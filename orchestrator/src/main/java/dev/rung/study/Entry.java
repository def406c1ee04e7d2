package dev.rung.study;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/** One record of an attempt's log. */
public sealed interface Entry {

  /**
   * Metrics at a step.
   *
   * @param step of the trial's whole life, from 1
   * @param metrics by name; NaN is a measurement
   * @param cost of the attempt so far, in the trainer's own unit
   * @param wallMillis training time of the attempt so far
   */
  record Point(
      long step, Map<String, Double> metrics, OptionalDouble cost, Optional<Long> wallMillis)
      implements Entry {
    /** Copies the metrics. */
    public Point {
      metrics = Map.copyOf(metrics);
    }
  }

  /** A checkpoint that is complete. */
  record Saved(Checkpoint checkpoint) implements Entry {}

  /** The end of the attempt and of its log. */
  record Ended(Cause cause, String message) implements Entry {}

  /**
   * A checkpoint.
   *
   * @param step that training goes on after
   * @param place below the prefix of the attempt
   * @param bytes its size
   * @param digest SHA-256 of the content in hexadecimal
   */
  record Checkpoint(long step, String place, long bytes, String digest) {
    private static final String FILE = "file://";

    /** The node on whose own disk it is, which is the host of its address; null: nodes share it. */
    public @Nullable String node() {
      int end = place.startsWith(FILE) ? place.indexOf('/', FILE.length()) : -1;
      return end <= FILE.length() ? null : place.substring(FILE.length(), end);
    }
  }
}
