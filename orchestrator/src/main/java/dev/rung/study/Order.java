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
    /** End for good. */
    STOP,
    /** End at once: the attempt is not valid any more. */
    FENCED
  }

  /** The order to an attempt that is unknown or was replaced. */
  public static Order fenced(String reason) {
    return new Order(Long.MAX_VALUE, Kind.FENCED, 0, reason);
  }
}
