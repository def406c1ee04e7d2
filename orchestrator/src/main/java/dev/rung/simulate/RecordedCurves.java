package dev.rung.simulate;

import dev.rung.searcher.Observation;
import dev.rung.searcher.Searcher;
import dev.rung.simulate.RecordedCurve.RecordedPoint;
import dev.rung.space.Assignment;
import dev.rung.space.SearchSpace;
import dev.rung.study.Cause;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A task whose trials are those of a recording, in its order: the k-th trial that begins has the
 * assignment and the points of the k-th one that was recorded.
 */
final class RecordedCurves implements Task {
  private static final double MILLIS = 1_000;

  private final SearchSpace space;
  private final List<RecordedCurve> curves;
  private final boolean hasTimes;

  /**
   * Curves of a recording.
   *
   * @param hasTimes whether a unit of time is a recorded second; else it is a unit of resource
   */
  RecordedCurves(SearchSpace space, List<RecordedCurve> curves, boolean hasTimes) {
    this.space = space;
    this.curves = List.copyOf(curves);
    this.hasTimes = hasTimes;
  }

  /** The recorded trial of a trial. */
  RecordedCurve curve(int trial) {
    return curves.get(trial - 1);
  }

  @Override
  public SearchSpace space() {
    return space;
  }

  @Override
  public Searcher limit(Searcher searcher, long seed) {
    return new Searcher() {
      @Override
      public String name() {
        return "recorded";
      }

      @Override
      public void observe(Observation observation) {
        // What comes next is settled.
      }

      @Override
      public Optional<Assignment> suggest(int trial) {
        return trial > curves.size() ? Optional.empty() : Optional.of(curve(trial).assignment());
      }
    };
  }

  @Override
  public SortedSet<String> metrics() {
    return new TreeSet<>();
  }

  @Override
  public OptionalLong lastStep() {
    return OptionalLong.empty();
  }

  @Override
  public Map<String, Double> measure(Assignment assignment, int trial, long step) {
    return point(trial, step).metrics();
  }

  @Override
  public OptionalLong next(int trial, long after) {
    Long step = curve(trial).points().higherKey(after);
    return step == null ? OptionalLong.empty() : OptionalLong.of(step);
  }

  /** Of a step that was trained in one go a part as large as what is trained of it now. */
  @Override
  public Effort effort(int trial, long from, long to) {
    RecordedPoint point = point(trial, to);
    double part = (double) (to - from) / Math.max(1, to - point.since());
    double time = hasTimes ? point.millis().orElseThrow() / MILLIS * part : to - from;
    return new Effort(
        time,
        point.cost().isPresent()
            ? OptionalDouble.of(point.cost().getAsDouble() * part)
            : OptionalDouble.empty());
  }

  @Override
  public Optional<Cause> failure(int trial) {
    return curve(trial).failure();
  }

  private RecordedPoint point(int trial, long step) {
    return Objects.requireNonNull(curve(trial).points().get(step));
  }
}
