package dev.rung.trainer;

import dev.rung.proto.v1.Entry;
import java.util.ArrayList;
import java.util.List;

/**
 * The entries of one attempt that the server has not acknowledged, in memory; {@link LogFile} is
 * their copy on disk. Sequence numbers start at 1 and have no gaps. Not thread-safe.
 */
final class AttemptLog {
  private final List<Entry> kept = new ArrayList<>();
  private long acked;
  private long bytes;

  /** Adds an entry under the next sequence number. */
  void append(Entry entry) {
    kept.add(entry);
    bytes += entry.getSerializedSize();
  }

  /**
   * The entry of a sequence number.
   *
   * @param seq after {@link #acked}, at most {@link #last}
   */
  Entry get(long seq) {
    return kept.get(Math.toIntExact(seq - acked - 1));
  }

  /**
   * Forgets the entries up to a sequence number; one that was forgotten before changes nothing.
   * Numbering goes on after it where it lies past {@link #last}.
   */
  void ack(long seq) {
    if (seq <= acked) {
      return;
    }
    List<Entry> prefix = kept.subList(0, (int) Math.min(seq - acked, kept.size()));
    for (Entry entry : prefix) {
      bytes -= entry.getSerializedSize();
    }
    prefix.clear();
    acked = seq;
  }

  /** The highest acknowledged sequence number, from 0. */
  long acked() {
    return acked;
  }

  /** The highest sequence number, from 0. */
  long last() {
    return acked + kept.size();
  }

  /** Bytes of the entries that are not acknowledged. */
  long bytes() {
    return bytes;
  }
}
