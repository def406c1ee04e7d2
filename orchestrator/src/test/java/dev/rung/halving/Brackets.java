package dev.rung.halving;

import java.util.Collections;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Brackets for tests of rules. */
public final class Brackets {
  private Brackets() {}

  /** A bracket of rungs that are made by hand, without probes. */
  public static BracketView bracket(Ladder ladder, List<? extends RungView> rungs) {
    return bracket(ladder, rungs, Collections.emptySortedSet(), List.of());
  }

  /** A bracket of rungs that are made by hand. */
  public static BracketView bracket(
      Ladder ladder,
      List<? extends RungView> rungs,
      SortedSet<Integer> probes,
      List<? extends Contestant> trials) {
    return new BracketView() {
      @Override
      public Ladder ladder() {
        return ladder;
      }

      @Override
      public String reason() {
        return "";
      }

      @Override
      public List<? extends RungView> rungs() {
        return rungs;
      }

      @Override
      public SortedSet<Integer> probes() {
        return new TreeSet<>(probes);
      }

      @Override
      public Contestants trials() {
        return field(trials);
      }
    };
  }

  /** The trials of a bracket. */
  static Contestants field(List<? extends Contestant> trials) {
    return new Contestants() {
      @Override
      public Iterable<? extends Contestant> all() {
        return trials;
      }

      @Override
      public Contestant of(int trial) {
        return trials.stream().filter(t -> t.number() == trial).findFirst().orElseThrow();
      }

      @Override
      public @Nullable Curve curve(int trial) {
        return null;
      }
    };
  }
}
