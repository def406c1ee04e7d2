package dev.rung.searcher;

import dev.rung.searcher.Observation.Begun;
import dev.rung.searcher.Observation.Closed;
import dev.rung.searcher.Observation.Earned;
import dev.rung.searcher.Observation.Entered;
import dev.rung.searcher.Observation.LadderKnown;
import dev.rung.searcher.Observation.Reopened;
import dev.rung.searcher.Observation.Withdrawn;
import dev.rung.space.SearchSpace;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What a model has seen of its study: points of trials, and where they stand in each rung. */
final class Experience {
  private final SearchSpace space;
  private final Map<Integer, double[]> points = new HashMap<>();
  private final TreeSet<Integer> open = new TreeSet<>();
  private final TreeMap<Long, Rung> byLevel = new TreeMap<>();
  private final Map<Integer, Long> starts = new HashMap<>();

  /** Those of {@code byLevel}, from the lowest. */
  private List<Rung> rungs = List.of();

  /**
   * One rung, of whatever bracket.
   *
   * @param entries best first
   * @param earned trials that went on from here since they were among the best
   */
  private record Rung(Fronts entries, Set<Integer> earned) {
    Rung() {
      this(new Fronts(), new HashSet<>());
    }
  }

  Experience(SearchSpace space) {
    this.space = space;
  }

  void observe(Observation observation) {
    switch (observation) {
      case LadderKnown o -> {
        o.levels().forEach(this::rung);
        starts.put(o.bracket(), o.start());
      }
      case Begun o -> {
        points.put(o.trial(), space.encode(o.assignment()));
        open.add(o.trial());
      }
      case Entered o -> {
        // A score from outside may be replaced.
        rung(o.level()).entries.remove(o.trial());
        rung(o.level()).entries.insert(o.trial(), new Result(o.losses(), o.violation()));
      }
      case Earned o -> rung(o.level()).earned.add(o.trial());
      case Withdrawn o -> {
        open.remove(o.trial());
        for (Rung rung : rungs) {
          rung.entries.remove(o.trial());
          rung.earned.remove(o.trial());
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

  /** Index of the lowest rung that new trials head for. */
  int start() {
    return starts.values().stream()
        .min(Long::compare)
        .map(level -> byLevel.headMap(level).size())
        .orElse(0);
  }

  /** The entries of a rung, by its index from the lowest. */
  Fronts entries(int rung) {
    return rungs.get(rung).entries;
  }

  /** Whether a trial went on from a rung since it was among its best. */
  boolean earned(int trial, int rung) {
    return rungs.get(rung).earned.contains(trial);
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

  private void reopen(int trial) {
    open.add(trial);
    for (Rung rung : rungs.reversed()) {
      if (rung.entries.contains(trial)) {
        if (!rung.earned.contains(trial)) {
          rung.entries.remove(trial);
        }
        return;
      }
    }
  }

  private Rung rung(long level) {
    Rung rung = byLevel.get(level);
    if (rung == null) {
      rung = new Rung();
      byLevel.put(level, rung);
      rungs = List.copyOf(byLevel.values());
    }
    return rung;
  }
}
