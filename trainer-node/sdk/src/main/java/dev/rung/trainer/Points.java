package dev.rung.trainer;

import dev.rung.proto.v1.Point;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Holds what a trainer reports to the protocol's limits. */
final class Points {
  private static final int MOST_METRICS = 64;
  private static final int LONGEST_NAME = 128;

  private Points() {}

  /**
   * Metrics of a step.
   *
   * @throws IllegalArgumentException there are too many, or a name or a value is none
   */
  static Point.Builder of(long step, Map<String, Double> metrics) {
    if (metrics.size() > MOST_METRICS) {
      throw new IllegalArgumentException(
          "expected at most "
              + MOST_METRICS
              + " metrics at step "
              + step
              + ", got "
              + metrics.size());
    }
    Point.Builder point = Point.newBuilder().setStep(step);
    for (Map.Entry<String, Double> metric : metrics.entrySet()) {
      String name = metric.getKey();
      // A user's map may hold null in spite of its type.
      @Nullable Double value = metric.getValue();
      if (name.isEmpty() || name.length() > LONGEST_NAME) {
        throw new IllegalArgumentException(
            "expected metric names of 1 to " + LONGEST_NAME + " characters, got " + name.length());
      }
      if (value == null) {
        throw new IllegalArgumentException(
            "expected a number for metric '" + name + "' at step " + step + ", got null");
      }
      point.putMetrics(name, value);
    }
    return point;
  }
}
