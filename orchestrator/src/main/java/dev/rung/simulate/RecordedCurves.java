package dev.rung.simulate;

import dev.rung.searcher.Observation;
import dev.rung.searcher.Searcher;
import dev.rung.space.Assignment;
import dev.rung.space.SearchSpace;
import dev.rung.study.Cause;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    return curve(trial).point(step).metrics();
  }

  @Override
  public OptionalLong next(Assignment assignment, int trial, long after) {
    return curve(trial).next(after);
  }

  @Override
  public Effort effort(Assignment assignment, int trial, long from, long to) {
    RecordedCurve curve = curve(trial);
    return new Effort(hasTimes ? curve.millis(from, to) / MILLIS : to - from, curve.cost(from, to));
  }

  @Override
  public Optional<Cause> failure(Assignment assignment, int trial) {
    return curve(trial).failure();
  }

  @Override
  public int recorded(Assignment assignment, int trial) {
    return curve(trial).trial();
  }
}
