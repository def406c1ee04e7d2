package dev.rung.trainer;

/** Tells which times have come, and remembers the earliest that has not. */
final class Alarm {
  private long now;
  private long next = Monitor.NEVER;

  /** Forgets all that was asked before. */
  void reset(long time) {
    now = time;
    next = Monitor.NEVER;
  }

  /** Whether the time has come. */
  boolean due(long time) {
    if (time <= now) {
      return true;
    }
    next = Math.min(next, time);
    return false;
  }

  /** The time that was given to {@link #reset}. */
  long now() {
    return now;
  }

  /** The earliest time asked for that has not come. */
  long next() {
    return next;
  }
}
