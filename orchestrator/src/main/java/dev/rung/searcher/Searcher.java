package dev.rung.searcher;

import dev.rung.space.Assignment;
import java.util.Optional;

/** Proposes assignments. A searcher owns its model and never sees the state of the study. */
public interface Searcher {

  /** The name that suggestions are recorded under. */
  String name();

  /** Takes in what happened. Most searchers want to know only some of it. */
  default void observe(Observation observation) {}

  /**
   * The assignment for a trial; empty: there is none left.
   *
   * @param trial its number; together with what was observed it decides the answer
   */
  Optional<Assignment> suggest(int trial);
}
