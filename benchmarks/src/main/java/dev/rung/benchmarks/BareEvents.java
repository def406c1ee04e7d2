package dev.rung.benchmarks;

import dev.rung.benchmarks.bare.BareSerializer;
import dev.rung.proto.v1.Entries;

/** Reads the batches of the bare gateway for {@link StoredPoints}. */
final class BareEvents implements StoredPoints.Reader {

  @Override
  public void read(byte[] event, StoredPoints found) {
    for (Entries message : BareSerializer.messages(event)) {
      int count = message.getEntriesCount();
      found.log(message.getAttempt(), message.getFirstSeq(), count, count);
    }
  }
}
