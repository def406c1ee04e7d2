package dev.rung.trainer;

import dev.rung.proto.v1.Entry;
import java.util.ArrayList;
import java.util.List;

/** A log that lives as long as its process. */
final class MemoryLog implements AttemptLog {
  private final List<Entry> kept = new ArrayList<>();
  private long acked;
  private long bytes;

  @Override
  public void append(Entry entry) {
    kept.add(entry);
    bytes += entry.getSerializedSize();
  }

  @Override
  public Entry get(long seq) {
    return kept.get(Math.toIntExact(seq - acked - 1));
  }

  @Override
  public void ack(long seq) {
    if (seq <= acked) {
      return;
    }
    List<Entry> prefix = kept.subList(0, Math.toIntExact(seq - acked));
    for (Entry entry : prefix) {
      bytes -= entry.getSerializedSize();
    }
    prefix.clear();
    acked = seq;
  }

  @Override
  public long acked() {
    return acked;
  }

  @Override
  public long last() {
    return acked + kept.size();
  }

  @Override
  public long bytes() {
    return bytes;
  }
}
