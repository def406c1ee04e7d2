package dev.rung.trainer;

import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Entries;
import dev.rung.proto.v1.Entry;
import org.jspecify.annotations.Nullable;

/**
 * The log of one attempt on its way to the server: what was sent, what was acknowledged, and what
 * the window lets go next. Guarded by the node's {@link Monitor}.
 */
final class Outflow {
  private static final int LARGEST_BATCH = 1_024;
  private static final long LARGEST_MESSAGE_BYTES = 256 << 10;

  private final AttemptRef ref;
  private final AttemptLog log;
  private final Window window;
  private long nextSeq;
  private long inFlight;

  Outflow(AttemptRef ref, AttemptLog log, Window window) {
    this.ref = ref;
    this.log = log;
    this.window = window;
    this.nextSeq = log.acked() + 1;
    window.addKept(log.bytes());
  }

  /** Whether the trainer may add an entry without waiting. */
  boolean hasRoom() {
    return log.last() - log.acked() < window.entries() && window.hasRoom();
  }

  /** Adds an entry, room or not. */
  void append(Entry entry) {
    long before = log.bytes();
    log.append(entry);
    window.addKept(log.bytes() - before);
  }

  /** The entries to send now, counted as sent; null where there are none or the window is full. */
  @Nullable Entries next() {
    long last = Math.min(log.last(), log.acked() + window.entries());
    Entries.Builder message = Entries.newBuilder().setAttempt(ref).setFirstSeq(nextSeq);
    long bytes = 0;
    while (nextSeq <= last && message.getEntriesCount() < LARGEST_BATCH) {
      Entry entry = log.get(nextSeq);
      long size = entry.getSerializedSize();
      boolean tooLarge = bytes > 0 && bytes + size > LARGEST_MESSAGE_BYTES;
      if (tooLarge || !window.maySend(size)) {
        break;
      }
      message.addEntries(entry);
      bytes += size;
      inFlight += size;
      window.addInFlight(size);
      nextSeq++;
    }
    return message.getEntriesCount() == 0 ? null : message.build();
  }

  /**
   * Takes an acknowledgement of a prefix.
   *
   * @param resend whether to send again what was sent after it
   * @return false where it names an entry that was never written
   */
  boolean ack(long seq, boolean resend) {
    if (seq < 0 || seq > log.last()) {
      return false;
    }
    for (long s = log.acked() + 1; s <= Math.min(seq, nextSeq - 1); s++) {
      int size = log.get(s).getSerializedSize();
      inFlight -= size;
      window.addInFlight(-size);
    }
    long before = log.bytes();
    log.ack(seq);
    window.addKept(log.bytes() - before);
    nextSeq = Math.max(nextSeq, log.acked() + 1);
    if (resend) {
      rewind();
    }
    return true;
  }

  /** Sends everything again that was not acknowledged. */
  void rewind() {
    window.addInFlight(-inFlight);
    inFlight = 0;
    nextSeq = log.acked() + 1;
  }

  /** The highest sequence number. */
  long last() {
    return log.last();
  }

  /** Whether every entry is acknowledged. */
  boolean delivered() {
    return log.acked() == log.last();
  }

  /** Gives the log up without sending it. */
  void forget() {
    skipTo(log.last());
  }

  /** Gives the log up; numbering goes on after a sequence number, at least {@link #last}. */
  void skipTo(long seq) {
    rewind();
    long before = log.bytes();
    log.ack(seq);
    window.addKept(log.bytes() - before);
    nextSeq = log.acked() + 1;
  }
}
