package dev.rung.trainer;

import com.google.protobuf.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * The one lock of a node and its clock. Whoever changes guarded state calls {@link #changed}; all
 * waiting is on this object. Times are nanoseconds since the node was made, so that they compare as
 * plain numbers.
 *
 * <p>Not final: a simulated node has another clock and waits in another way.
 */
class Monitor {
  /** A time that never comes. */
  static final long NEVER = Long.MAX_VALUE;

  private static final long LONGEST_NANOS = TimeUnit.DAYS.toNanos(3_650);

  private final long origin = System.nanoTime();
  private long changes;

  /** Nanoseconds since this monitor was made. */
  long now() {
    return System.nanoTime() - origin;
  }

  /** The time that lies a duration after now. */
  long after(java.time.Duration duration) {
    return now() + nanos(duration);
  }

  /** Wakes all that wait for a change of guarded state. The caller holds this monitor. */
  void changed() {
    changes++;
    notifyAll();
  }

  /** Waits for a change or until the time has come. The caller holds this monitor. */
  void awaitChange(long until) {
    long seen = changes;
    boolean unused = await(() -> changes != seen, until);
  }

  /**
   * Waits until the condition holds or the time has come. The caller holds this monitor. An
   * interrupt does not end the wait; it is kept for afterwards.
   *
   * @return whether the condition holds
   */
  boolean await(BooleanSupplier condition, long until) {
    boolean interrupted = false;
    try {
      while (!condition.getAsBoolean()) {
        long left = until - now();
        if (left <= 0) {
          return false;
        }
        try {
          TimeUnit.NANOSECONDS.timedWait(this, left);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
      return true;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Nanoseconds of a duration: from 0, at most ten years. */
  static long nanos(java.time.Duration duration) {
    if (duration.isNegative()) {
      return 0;
    }
    boolean fits = duration.compareTo(java.time.Duration.ofNanos(LONGEST_NANOS)) < 0;
    return fits ? duration.toNanos() : LONGEST_NANOS;
  }

  /** Nanoseconds of a duration that a peer sent, whatever it holds. */
  static long nanos(Duration duration) {
    long seconds = Math.min(Math.max(duration.getSeconds(), 0), LONGEST_NANOS / 1_000_000_000);
    return Math.max(0, seconds * 1_000_000_000 + duration.getNanos());
  }

  /** A duration on the wire. */
  static Duration proto(long nanos) {
    return Duration.newBuilder()
        .setSeconds(nanos / 1_000_000_000)
        .setNanos((int) (nanos % 1_000_000_000))
        .build();
  }
}
