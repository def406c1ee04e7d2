package dev.rung.trainer;

/**
 * How much may wait for the server's acknowledgement, and how much does, over all attempts of a
 * node. Guarded by the node's {@link Monitor}.
 */
final class Window {
  /** Until the first Welcome says otherwise. */
  static final int DEFAULT_ENTRIES = 1_024;

  /** Until the first Welcome says otherwise. */
  static final long DEFAULT_BYTES = 4L << 20;

  private int entries = DEFAULT_ENTRIES;
  private long bytes = DEFAULT_BYTES;
  private long kept;
  private long inFlight;

  /** Sets the limits; zero keeps the present one. */
  void limit(int windowEntries, long windowBytes) {
    // Both are unsigned on the wire: a negative number is one beyond what matters here.
    entries = windowEntries == 0 ? entries : windowEntries < 0 ? Integer.MAX_VALUE : windowEntries;
    bytes = windowBytes == 0 ? bytes : windowBytes < 0 ? Long.MAX_VALUE : windowBytes;
  }

  /** Entries of one attempt that may be unacknowledged. */
  int entries() {
    return entries;
  }

  /** Whether another entry may be kept. */
  boolean hasRoom() {
    return kept < bytes;
  }

  /** Whether so many bytes more may be sent. An entry larger than the window goes alone. */
  boolean maySend(long size) {
    return inFlight == 0 || inFlight + size <= bytes;
  }

  /** Counts bytes of logs: positive when appended, negative when acknowledged or forgotten. */
  void addKept(long delta) {
    kept += delta;
  }

  /**
   * Counts bytes on their way: positive when sent, negative when acknowledged or to be sent again.
   */
  void addInFlight(long delta) {
    inFlight += delta;
  }
}
