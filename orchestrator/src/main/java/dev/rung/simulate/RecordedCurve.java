package dev.rung.simulate;

import dev.rung.space.Assignment;
import dev.rung.study.Cause;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * A trial's points as they were recorded, over all of its attempts: those that carry everything
 * that it is judged by. Of a step that was trained more than once the first counts.
 *
 * @param trial its number in the recording
 * @param points by step
 * @param failure why its training ended where the points do; empty: it was ended, or went on
 */
public record RecordedCurve(
    int trial,
    Assignment assignment,
    NavigableMap<Long, RecordedPoint> points,
    Optional<Cause> failure) {
  /** Copies the points. */
  public RecordedCurve {
    points = new TreeMap<>(points);
  }

  /**
   * A point.
   *
   * @param metrics by name
   * @param since the step that the effort is counted from
   * @param millis of training since then; empty: not recorded
   * @param cost since then; empty: not recorded
   */
  public record RecordedPoint(
      Map<String, Double> metrics, long since, OptionalLong millis, OptionalDouble cost) {}

  /** Its last step; 0: it has none. */
  public long end() {
    return points.isEmpty() ? 0 : points.lastKey();
  }
}
