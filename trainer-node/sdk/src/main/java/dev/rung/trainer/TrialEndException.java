package dev.rung.trainer;

import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Ended;

/**
 * Ends an attempt for a reason that the trainer knows, where a stack trace would tell a person
 * nothing: because what trains is another program, for instance.
 */
public final class TrialEndException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Cause cause;

  private TrialEndException(Cause cause, String message) {
    super(message, null, false, false);
    this.cause = cause;
  }

  /** The training failed; a study tries once more. */
  public static TrialEndException failed(String message) {
    return new TrialEndException(Cause.CAUSE_USER_ERROR, message);
  }

  /** The memory of the machine or of its accelerator did not suffice. */
  public static TrialEndException outOfMemory(String message) {
    return new TrialEndException(Cause.CAUSE_OUT_OF_MEMORY, message);
  }

  /** The training came to its end, and reported nothing that the trial can be judged by. */
  public static TrialEndException withoutMetrics(String message) {
    return new TrialEndException(Cause.CAUSE_COMPLETED, message);
  }

  /** The trial goes on from its last checkpoint, here or elsewhere, and loses no try by it. */
  public static TrialEndException preempted(String message) {
    return new TrialEndException(Cause.CAUSE_PREEMPTED, message);
  }

  /** A trainer ended so in a process of its own, where its stack trace is. */
  static TrialEndException of(Ended ended) {
    return new TrialEndException(ended.getCause(), ended.getMessage());
  }

  /** What the attempt ends with. */
  Cause endsWith() {
    return cause;
  }
}
