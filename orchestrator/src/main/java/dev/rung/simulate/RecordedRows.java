package dev.rung.simulate;

import dev.rung.searcher.Searcher;
import dev.rung.space.Assignment;
import dev.rung.space.SearchSpace;
import dev.rung.study.Cause;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A task whose rows are the trials of a recording that have points. A searcher is given them as the
 * rows of a {@link TableTask}. Each curve goes on for as long as it was recorded.
 */
public final class RecordedRows implements Task {
  private final Rows<RecordedCurve> rows;

  /**
   * The trials of a recording in a space.
   *
   * @throws IllegalArgumentException a trial is outside
   */
  public RecordedRows(Recording recording, SearchSpace space) {
    SequencedMap<Assignment, RecordedCurve> curves = new LinkedHashMap<>();
    for (RecordedCurve curve : recording.curves()) {
      if (!curve.points().isEmpty()) {
        curves.merge(place(curve, recording.plan().space(), space), curve, RecordedRows::longer);
      }
    }
    this.rows = new Rows<>(space, curves);
  }

  private static Assignment place(RecordedCurve curve, SearchSpace own, SearchSpace space) {
    try {
      return space.read(own.active(curve.assignment()));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "space: expected all of the recorded trials, but trial %d is outside: %s"
              .formatted(curve.trial(), e.getMessage()),
          e);
    }
  }

  private static RecordedCurve longer(RecordedCurve one, RecordedCurve other) {
    return other.end() > one.end() ? other : one;
  }

  @Override
  public SearchSpace space() {
    return rows.space();
  }

  @Override
  public Searcher limit(Searcher searcher, long seed) {
    return new RowSearcher(searcher, rows, seed);
  }

  /** Those that every point has. */
  @Override
  public SortedSet<String> metrics() {
    List<Set<String>> measured =
        rows.known().stream()
            .flatMap(curve -> curve.points().values().stream())
            .map(point -> point.metrics().keySet())
            .toList();
    SortedSet<String> metrics = new TreeSet<>(measured.getFirst());
    measured.forEach(metrics::retainAll);
    return metrics;
  }

  /** The last step of the longest curve. */
  @Override
  public OptionalLong lastStep() {
    return rows.known().stream().mapToLong(RecordedCurve::end).max();
  }

  @Override
  public Map<String, Double> measure(Assignment assignment, int trial, long step) {
    return rows.known(assignment).point(step).metrics();
  }

  @Override
  public Effort effort(Assignment assignment, int trial, long from, long to) {
    return new Effort(to - from, rows.known(assignment).cost(from, to));
  }

  @Override
  public OptionalLong next(Assignment assignment, int trial, long after) {
    return rows.known(assignment).next(after);
  }

  @Override
  public Optional<Cause> failure(Assignment assignment, int trial) {
    return rows.known(assignment).failure();
  }

  @Override
  public int recorded(Assignment assignment, int trial) {
    return rows.known(assignment).trial();
  }
}
