package dev.rung.session;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * What of one attempt's log is on its way to the journal: batches of entries that are not answered.
 */
final class Window {

  private record Batch(int entries, int bytes) {}

  private final Deque<Batch> batches = new ArrayDeque<>();
  private int entries;
  private long bytes;

  void add(int count, int size) {
    batches.add(new Batch(count, size));
    entries += count;
    bytes += size;
  }

  /**
   * One answer came: every batch is answered once, in order.
   *
   * @return the bytes that were answered
   */
  int answered() {
    Batch batch = batches.poll();
    if (batch == null) {
      return 0;
    }
    entries -= batch.entries();
    bytes -= batch.bytes();
    return batch.bytes();
  }

  int entries() {
    return entries;
  }

  long bytes() {
    return bytes;
  }
}
