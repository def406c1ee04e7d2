package dev.rung.simulate;

import dev.rung.searcher.Searcher;
import dev.rung.space.Assignment;
import dev.rung.space.SearchSpace;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedSet;

/** What simulated trainers train: for every assignment a curve. */
public interface Task {

  /** What there is to search where a study file has no space. */
  SearchSpace space();

  /** The same task with the noise of another seed. */
  default Task seeded(long seed) {
    return this;
  }

  /** A searcher that proposes only what has a curve, from one that proposes anything. */
  default Searcher limit(Searcher searcher, long seed) {
    return searcher;
  }

  /** Names of what is measured; empty: whatever a study wants, as a loss. */
  SortedSet<String> metrics();

  /** The last step of its curves; empty: they go on. */
  OptionalLong lastStep();

  /**
   * What is measured at a step, by name. It may have values that are not finite.
   *
   * @param trial number of the trial, which noise may depend on
   * @param step from 1
   */
  Map<String, Double> measure(Assignment assignment, int trial, long step);
}
