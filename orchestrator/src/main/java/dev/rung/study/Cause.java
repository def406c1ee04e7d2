package dev.rung.study;

/** Why an attempt ended. */
public enum Cause {
  /** Nothing is left to train. */
  COMPLETED,
  /** At a milestone. */
  PAUSED,
  /** On a STOP. */
  STOPPED,
  /** The node gave the slot up. Retried without limit. */
  PREEMPTED,
  /** The trainer vanished. Retried until five in a row brought no new checkpoint. */
  LOST,
  /** Retried once. */
  OUT_OF_MEMORY,
  /** The training diverged. */
  DIVERGED,
  /** The assignment cannot be trained. */
  INFEASIBLE,
  /** The objectives never came. */
  NO_METRICS,
  /** The trainer's code failed. Retried once. */
  USER_ERROR,
  /** The checkpoint to go on from is damaged or missing. Goes on from the one before it. */
  BAD_CHECKPOINT
}
