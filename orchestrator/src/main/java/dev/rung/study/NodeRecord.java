package dev.rung.study;

/**
 * How the newest attempts of a study ended on one node, as far as that says something about the
 * node: that the trainer's code failed or ran out of memory, or that it did not. Only {@link
 * StudyState} changes it.
 */
public final class NodeRecord {
  /** Attempts that are remembered. */
  static final int WINDOW = 10;

  /** The newest end is the lowest bit; 1: it failed. */
  int failures;

  int count;

  /** Milliseconds since 1970; 0: never excluded. */
  long excludedUntil;

  void add(boolean failed) {
    failures = ((failures << 1) | (failed ? 1 : 0)) & ((1 << WINDOW) - 1);
    count = Math.min(count + 1, WINDOW);
  }

  /** Forgets how attempts ended, so that a node that comes back begins anew. */
  void clear() {
    failures = 0;
    count = 0;
  }

  /** Attempts that are remembered. */
  public int count() {
    return count;
  }

  /** Those of them that failed. */
  public int failed() {
    return Integer.bitCount(failures);
  }

  /** Whether the node gets no slot of the study at a time, in milliseconds since 1970. */
  public boolean isExcluded(long now) {
    return now < excludedUntil;
  }
}
