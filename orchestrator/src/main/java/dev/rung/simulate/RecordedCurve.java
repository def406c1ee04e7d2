package dev.rung.simulate;

import dev.rung.space.Assignment;
import dev.rung.study.Cause;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;

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

  /** The point at a step that has one. */
  RecordedPoint point(long step) {
    return Objects.requireNonNull(points.get(step));
  }

  /** The first step after another that has a point; empty: the curve ends. */
  OptionalLong next(long after) {
    Long step = points.higherKey(after);
    return step == null ? OptionalLong.empty() : OptionalLong.of(step);
  }

  /** Milliseconds from a step to that of a point, where they are recorded of each point. */
  double millis(long from, long to) {
    return effort(from, to, point -> point.millis().orElseThrow());
  }

  /** The cost from a step to that of a point; empty: not recorded. */
  OptionalDouble cost(long from, long to) {
    double cost = effort(from, to, point -> point.cost().orElse(Double.NaN));
    return Double.isNaN(cost) ? OptionalDouble.empty() : OptionalDouble.of(cost);
  }

  /** Of a step that was trained in one go a part as large as what is trained of it now. */
  private double effort(long from, long to, ToDoubleFunction<RecordedPoint> whole) {
    double effort = 0;
    long before = from;
    for (Map.Entry<Long, RecordedPoint> entry : points.subMap(from, false, to, true).entrySet()) {
      long step = entry.getKey();
      RecordedPoint point = entry.getValue();
      double part = (double) (step - before) / Math.max(1, step - point.since());
      effort += whole.applyAsDouble(point) * part;
      before = step;
    }
    return effort;
  }
}
