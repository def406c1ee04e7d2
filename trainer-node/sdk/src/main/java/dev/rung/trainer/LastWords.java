package dev.rung.trainer;

import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Ended;
import java.util.Set;

/** Puts the end of a trial's own log where a person looks first: into how the attempt ended. */
final class LastWords {
  private static final int TAIL_LINES = 20;
  private static final int TAIL_BYTES = 4 << 10;

  /** Ends that a trainer throws and that the log may explain. */
  private static final Set<Cause> FAILURES =
      Set.of(Cause.CAUSE_USER_ERROR, Cause.CAUSE_OUT_OF_MEMORY, Cause.CAUSE_COMPLETED);

  private LastWords() {}

  /**
   * The end with the log's tail, where the trainer failed. Adds the stack trace to the log, after
   * the tail was taken: the message has it already.
   */
  static Ended of(Ended ended, Throwable thrown, TrialLog lines) {
    boolean failed = FAILURES.contains(ended.getCause());
    try {
      String tail = failed ? lines.tail(TAIL_LINES, TAIL_BYTES) : "";
      if (!(thrown instanceof TrialEndException)) {
        lines.add(Ends.trace(thrown));
      }
      return tail.isEmpty() || ended.getMessage().contains(tail)
          ? ended
          : Ends.withTail(ended, "the log ends with:\n" + tail);
    } catch (OutOfMemoryError e) {
      // The end itself matters more than what was said before it.
      return ended;
    }
  }
}
