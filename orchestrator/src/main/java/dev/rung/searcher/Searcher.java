package dev.rung.searcher;

import dev.rung.space.Assignment;

/** Proposes assignments. A searcher owns its model and never sees the state of the study. */
public interface Searcher {

  /** The name that suggestions are recorded under. */
  String name();

  /**
   * The assignment for a trial.
   *
   * @param trial its number; together with what was observed it decides the answer
   */
  Assignment suggest(int trial);
}
