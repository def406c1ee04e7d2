package dev.rung.searcher;

import dev.rung.space.Assignment;
import java.util.stream.Stream;

/** What a searcher proposes, before it is seen to that no assignment comes twice. */
interface Proposer {

  /** The name that suggestions are recorded under. */
  String name();

  /** Takes in what happened. */
  default void observe(Observation observation) {}

  /**
   * Allowed assignments for a trial, those preferred first. A function of what was observed and the
   * trial's number.
   */
  Stream<Assignment> proposals(int trial);
}
