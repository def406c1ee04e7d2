package dev.rung.benchmarks;

import java.util.Arrays;

/** Every latency of a window, kept exactly. */
final class Latencies {
  private final long from;
  private final long to;
  private long[] nanos = new long[1 << 17];
  private int count;

  /**
   * Keeps those of reports that were due within a window.
   *
   * @param from begin of the window, in nanoseconds of the monotonic clock
   * @param to its end
   */
  Latencies(long from, long to) {
    this.from = from;
    this.to = to;
  }

  synchronized void add(long due, long answered) {
    if (due - from < 0 || due - to >= 0) {
      return;
    }
    if (count == nanos.length) {
      nanos = Arrays.copyOf(nanos, 2 * count);
    }
    nanos[count++] = answered - due;
  }

  synchronized int count() {
    return count;
  }

  /** Milliseconds that a share of them took at most. */
  synchronized double[] percentiles(double... shares) {
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return Arrays.stream(shares)
        .map(share -> sorted[Math.max(0, (int) Math.ceil(share * count) - 1)] / 1e6)
        .toArray();
  }
}
