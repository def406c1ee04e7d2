package dev.rung.trainer;

import java.util.SplittableRandom;

/**
 * Waits between tries to reach the server: full jitter, a uniform draw below a bound that doubles
 * after every fourth try up to the longest. The slow doubling finds a server that restarts within
 * seconds soon after it is back; the jitter keeps a fleet from dialling in step.
 *
 * <p>Full jitter: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
 */
final class Backoff {
  private static final int TRIES_A_BOUND = 4;

  private final SplittableRandom random;
  private final long firstNanos;
  private final long longestNanos;
  private int tries;

  Backoff(long seed, long firstNanos, long longestNanos) {
    this.random = new SplittableRandom(seed);
    this.firstNanos = firstNanos;
    this.longestNanos = longestNanos;
  }

  /** The next wait in nanoseconds. */
  long next() {
    long bound = firstNanos;
    for (int i = 0; i < tries / TRIES_A_BOUND && bound < longestNanos; i++) {
      bound *= 2;
    }
    tries++;
    return random.nextLong(Math.min(bound, longestNanos) + 1);
  }

  /** Begins again with the first bound. */
  void reset() {
    tries = 0;
  }
}
