package dev.rung.simulate;

import dev.rung.searcher.Searcher;
import dev.rung.space.Assignment;
import dev.rung.space.SearchSpace;
import dev.rung.study.Cause;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
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

  /**
   * What training from one step to another takes.
   *
   * @param time in units of time
   * @param cost in the trainers' own unit; empty: they do not say
   */
  record Effort(double time, OptionalDouble cost) {}

  /** What training takes from a step, or from the beginning at 0, to a later one. */
  default Effort effort(Assignment assignment, int trial, long from, long to) {
    return new Effort(to - from, OptionalDouble.empty());
  }

  /** The first step after another at which there is something to report; empty: the curve ends. */
  default OptionalLong next(Assignment assignment, int trial, long after) {
    return OptionalLong.of(after + 1);
  }

  /** Why the training ends where the curve does; empty: nobody knows how it would go on. */
  default Optional<Cause> failure(Assignment assignment, int trial) {
    return Optional.empty();
  }

  /** The number that a trial had where its curve was recorded. */
  default int recorded(Assignment assignment, int trial) {
    return trial;
  }
}
