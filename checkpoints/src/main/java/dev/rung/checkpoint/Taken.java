package dev.rung.checkpoint;

import dev.rung.checkpoint.CheckpointException.Fault;
import java.io.IOException;

/** Places are written once. */
final class Taken {
  private Taken() {}

  /**
   * A place where a checkpoint was to be written has one. A try whose answer got lost has written
   * it already; anything else there is another's.
   *
   * @throws CheckpointException TAKEN: it is another one
   */
  static void expect(CheckpointStore store, Stored stored) throws IOException {
    try {
      store.verify(stored);
    } catch (CheckpointException e) {
      throw new CheckpointException(
          Fault.TAKEN, "expected no other checkpoint there, but " + stored.place() + " is one", e);
    }
  }
}
