package dev.rung.exec;

import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * How metrics are read from what a command prints.
 *
 * @param stepKey the field of a JSON line that holds the step
 * @param stepOffset is added to each step, 1 for commands that count from 0
 * @param stepPattern finds the step of the metrics that follow in its first group; empty: each
 *     value of the first pattern is a step
 * @param patterns find a metric in their first group, by its name; empty: lines are JSON
 */
record MetricOptions(
    String stepKey, long stepOffset, Optional<Pattern> stepPattern, Map<String, Pattern> patterns) {
  static final String DEFAULT_STEP_KEY = "step";

  /** JSON lines with a field {@code step}. */
  static MetricOptions json() {
    return new MetricOptions(DEFAULT_STEP_KEY, 0, Optional.empty(), Map.of());
  }
}
