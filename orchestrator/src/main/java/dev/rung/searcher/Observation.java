package dev.rung.searcher;

import dev.rung.space.Assignment;
import java.util.List;

/** What a searcher learns of a study, in the order of the study's events. */
public sealed interface Observation {

  /**
   * The ladder of a bracket from now on. Rungs of different brackets are one where their levels are
   * the same.
   *
   * @param bracket its index
   * @param levels in the study's unit, rising
   * @param start the level that new trials head for
   */
  record LadderKnown(int bracket, List<Long> levels, long start) implements Observation {
    /** Copies the levels. */
    public LadderKnown {
      levels = List.copyOf(levels);
    }
  }

  /** A trial has its assignment, and is pending until {@link Closed}. */
  record Begun(int trial, Assignment assignment) implements Observation {}

  /**
   * A trial's value entered a rung.
   *
   * @param level of the rung, in the study's unit
   * @param losses of the objectives, lower is better; not finite for a failure
   * @param violation of the constraints; 0: feasible
   */
  record Entered(int trial, long level, List<Double> losses, double violation)
      implements Observation {
    /** Copies the losses. */
    public Entered {
      losses = List.copyOf(losses);
    }
  }

  /** A trial goes on from a rung since it was among its best. */
  record Earned(int trial, long level) implements Observation {}

  /** A trial cannot be trained: what it entered counts no more. */
  record Withdrawn(int trial) implements Observation {}

  /** A failed trial goes on: what it entered its highest rung with counts no more. */
  record Reopened(int trial) implements Observation {}

  /** A trial is over. */
  record Closed(int trial) implements Observation {}
}
