package dev.rung.storage;

import dev.rung.study.Entry;
import dev.rung.study.TrialStatus;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A trial's row. */
final class TrialRecord {
  boolean isNew;
  String status = "";
  String reason = "";
  byte[] assignment = new byte[0];
  long step;
  @Nullable Double best;
  byte @Nullable [] checkpoint;

  /** Number of the trial that it is a changed copy of; 0: of none. */
  int parent;

  void become(TrialStatus next, String why) {
    status = next.name();
    reason = why;
  }

  /** Of its checkpoints only this one is left, if any. */
  void lose(Optional<Entry.Checkpoint> left) {
    checkpoint = left.map(c -> Cbor.write(Entry.Checkpoint.class, c)).orElse(null);
  }

  /** It goes on from a checkpoint that it did not write. */
  void begin(Entry.Checkpoint from) {
    checkpoint = Cbor.write(Entry.Checkpoint.class, from);
    step = from.step();
  }

  /** It counts for nothing any more. */
  void withdraw() {
    best = null;
  }
}
