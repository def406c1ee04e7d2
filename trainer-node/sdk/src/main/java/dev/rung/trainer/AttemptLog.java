package dev.rung.trainer;

import dev.rung.proto.v1.Entry;

/**
 * The entries of one attempt that the server has not acknowledged. Sequence numbers start at 1 and
 * have no gaps. Not thread-safe.
 */
interface AttemptLog {

  /** Adds an entry under the next sequence number. */
  void append(Entry entry);

  /**
   * The entry of a sequence number.
   *
   * @param seq after {@link #acked}, at most {@link #last}
   */
  Entry get(long seq);

  /**
   * Forgets the entries up to a sequence number; one that was forgotten before changes nothing.
   *
   * @param seq at most {@link #last}
   */
  void ack(long seq);

  /** The highest acknowledged sequence number, from 0. */
  long acked();

  /** The highest sequence number, from 0. */
  long last();

  /** Bytes of the entries that are not acknowledged. */
  long bytes();
}
