package dev.rung.searcher;

import dev.rung.searcher.Observation.Begun;
import dev.rung.searcher.Observation.Closed;
import dev.rung.searcher.Observation.Earned;
import dev.rung.searcher.Observation.Entered;
import dev.rung.searcher.Observation.LadderKnown;
import dev.rung.searcher.Observation.Reopened;
import dev.rung.searcher.Observation.Withdrawn;
import dev.rung.space.SearchSpace;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What a model has seen of its study: points of trials, and where they stand in each rung. */
final class Experience {
  private final SearchSpace space;
  private final Map<Integer, double[]> points = new HashMap<>();
  private final TreeSet<Integer> open = new TreeSet<>();
  private final List<Level> rungs = new ArrayList<>();
  private List<Long> levels = List.of();
  private int start;

  /**
   * One rung.
   *
   * @param entries best first
   * @param earned trials that went on from here since they were among the best
   */
  private record Level(Fronts entries, Set<Integer> earned) {
    Level() {
      this(new Fronts(), new HashSet<>());
    }
  }

  Experience(SearchSpace space) {
    this.space = space;
  }

  void observe(Observation observation) {
    switch (observation) {
      case LadderKnown o -> climb(o);
      case Begun o -> {
        points.put(o.trial(), space.encode(o.assignment()));
        open.add(o.trial());
      }
      case Entered o ->
          rung(o.rung()).entries.insert(o.trial(), new Result(o.losses(), o.violation()));
      case Earned o -> rung(o.rung()).earned.add(o.trial());
      case Withdrawn o -> {
        open.remove(o.trial());
        for (Level level : rungs) {
          level.entries.remove(o.trial());
          level.earned.remove(o.trial());
        }
      }
      case Reopened o -> reopen(o.trial());
      case Closed o -> open.remove(o.trial());
    }
  }

  /** Number of rungs that anything is known of. */
  int rungs() {
    return rungs.size();
  }

  /** Index of the rung that new trials head for. */
  int start() {
    return start;
  }

  /** The entries of a rung. */
  Fronts entries(int rung) {
    return rung(rung).entries;
  }

  /** Whether a trial went on from a rung since it was among its best. */
  boolean earned(int trial, int rung) {
    return rung(rung).earned.contains(trial);
  }

  /** The point that stands for a trial's assignment; NaN in coordinates that are not active. */
  double[] point(int trial) {
    double[] point = points.get(trial);
    if (point == null) {
      throw new IllegalStateException(
          "expected to know what trial %d was begun with, but do not".formatted(trial));
    }
    return point;
  }

  /** Trials that are not over and have no entry at a rung, by number. */
  List<Integer> pending(int rung) {
    Fronts entries = entries(rung);
    return open.stream().filter(trial -> !entries.contains(trial)).toList();
  }

  /** Rungs are known by their levels, since new ones may come between. */
  private void climb(LadderKnown ladder) {
    List<Level> before = List.copyOf(rungs);
    rungs.clear();
    for (int k = 0; k < ladder.levels().size(); k++) {
      int was = levels.isEmpty() ? k : levels.indexOf(ladder.levels().get(k));
      rungs.add(was >= 0 && was < before.size() ? before.get(was) : new Level());
    }
    levels = ladder.levels();
    start = ladder.start();
  }

  private void reopen(int trial) {
    open.add(trial);
    for (int k = rungs.size() - 1; k >= 0; k--) {
      Level level = rungs.get(k);
      if (level.entries.contains(trial)) {
        if (!level.earned.contains(trial)) {
          level.entries.remove(trial);
        }
        return;
      }
    }
  }

  private Level rung(int rung) {
    while (rungs.size() <= rung) {
      rungs.add(new Level());
    }
    return rungs.get(rung);
  }
}
