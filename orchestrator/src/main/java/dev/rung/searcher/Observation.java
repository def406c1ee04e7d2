package dev.rung.searcher;

import dev.rung.space.Assignment;
import java.util.List;

/** What a searcher learns of a study, in the order of the study's events. */
public sealed interface Observation {

  /**
   * The ladder in force from now on.
   *
   * @param levels in the study's unit, rising
   * @param start index of the rung that new trials head for
   */
  record LadderKnown(List<Long> levels, int start) implements Observation {
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
   * @param rung index of the rung
   * @param losses of the objectives, lower is better; not finite for a failure
   * @param violation of the constraints; 0: feasible
   */
  record Entered(int trial, int rung, List<Double> losses, double violation)
      implements Observation {
    /** Copies the losses. */
    public Entered {
      losses = List.copyOf(losses);
    }
  }

  /** A trial goes on from a rung since it was among its best. */
  record Earned(int trial, int rung) implements Observation {}

  /** A trial cannot be trained: what it entered counts no more. */
  record Withdrawn(int trial) implements Observation {}

  /** A failed trial goes on: what it entered its highest rung with counts no more. */
  record Reopened(int trial) implements Observation {}

  /** A trial is over. */
  record Closed(int trial) implements Observation {}
}
