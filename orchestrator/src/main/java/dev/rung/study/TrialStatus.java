package dev.rung.study;

/** What a trial is doing. */
public enum TrialStatus {
  /** Waits for a slot to go on: lost, preempted, or to be retried. */
  WAITING,
  /** Has an attempt. */
  RUNNING,
  /** At a rung without an attempt; may still be promoted. */
  PAUSED,
  /** Has reached its rung and waits without a slot for a metric from outside. */
  AWAITING_METRIC,
  /** Trained to the top, or as far as its training goes. */
  COMPLETED,
  /** Ended by a verdict or a command before the top. */
  STOPPED,
  /** Failed after its retries. */
  FAILED,
  /** Its assignment cannot be trained; it counts nowhere. */
  INFEASIBLE;

  /** Whether the trial has ended for good. */
  public boolean isClosed() {
    return switch (this) {
      case WAITING, RUNNING, PAUSED, AWAITING_METRIC -> false;
      case COMPLETED, STOPPED, FAILED, INFEASIBLE -> true;
    };
  }
}
