package dev.rung.study;

/**
 * The directive in force for an attempt.
 *
 * @param number from 1 within the attempt; the highest counts
 * @param kind what to do
 * @param milestone the next one, for CONTINUE; else 0
 * @param reason for a person
 */
public record Order(long number, Kind kind, long milestone, String reason) {

  /** What an attempt is to do. */
  public enum Kind {
    /** Train on to the next milestone. */
    CONTINUE,
    /** End, to go on later perhaps. */
    PAUSE,
    /** Write a checkpoint and end, to go on later; at a milestone before it is judged as ever. */
    YIELD,
    /** End for good. */
    STOP,
    /** End at once: the attempt is not valid any more, and nothing of it is wanted. */
    FENCED,
    /**
     * End at once: the study has ended the attempt, and what it logged until now is taken as late.
     */
    LATE
  }

  /** The order to an attempt that is unknown, or that closed its log itself. */
  public static Order fenced(String reason) {
    return new Order(Long.MAX_VALUE, Kind.FENCED, 0, reason);
  }

  /** The order to an attempt that the study ended, and whose log may hold more. */
  public static Order late(String reason) {
    return new Order(Long.MAX_VALUE, Kind.LATE, 0, reason);
  }

  /** Whether the attempt is over. */
  public boolean isOver() {
    return kind == Kind.FENCED || kind == Kind.LATE;
  }
}
