package dev.rung.study;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Says when a study stores a snapshot: after so many events that reading them again would take too
 * long, and at its end. In memory only.
 */
final class SnapshotPace {
  static final int LEAST_EVENTS = 2_000;

  /**
   * Nobody is answered while a snapshot is stored: a busy study would stand still several times a
   * second. What it writes in this time is read again in less.
   */
  private static final Duration LEAST_APART = Duration.ofSeconds(10);

  private final int leastEvents;
  private final LongSupplier nanoTime;
  private long eventsAtLast;
  private long next;

  /**
   * A pace.
   *
   * @param leastEvents between two snapshots of a study with few trials
   * @param nanoTime the monotonic clock
   */
  SnapshotPace(int leastEvents, LongSupplier nanoTime) {
    this.leastEvents = leastEvents;
    this.nanoTime = nanoTime;
  }

  /**
   * The last snapshot is not known after a recovery. So a long journal gets one with its next
   * commit.
   */
  void recovered() {
    eventsAtLast = 0;
    next = nanoTime.getAsLong();
  }

  /** Whether a snapshot is due after a commit, from which on the next one counts. */
  boolean isDue(StudyView study, Commit commit) {
    long since = study.lastNumber() - eventsAtLast;
    boolean due =
        since >= Math.max(leastEvents, study.nextTrial() / 2) && nanoTime.getAsLong() - next >= 0;
    if (due || commit.events().stream().anyMatch(StudyEvent.StudyEnded.class::isInstance)) {
      eventsAtLast = study.lastNumber();
      next = nanoTime.getAsLong() + LEAST_APART.toNanos();
      return true;
    }
    return false;
  }
}
