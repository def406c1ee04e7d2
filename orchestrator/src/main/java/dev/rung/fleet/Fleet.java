package dev.rung.fleet;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The trainer nodes that are connected now. */
public interface Fleet {

  /** Nodes with a live session, by name; the stage fails where they cannot be told in time. */
  CompletionStage<List<RatedNode>> nodes();

  /** The slots by kind of trainer; the stage fails where they cannot be told in time. */
  CompletionStage<List<SlotCount>> slots();

  /** How a study fares; the stage fails where it cannot be told in time. */
  CompletionStage<Prospect> prospect(String study);

  /**
   * Has a node end in order.
   *
   * @param reason for a person
   * @param deadline until it is to be gone; empty: as long as its operator gave it
   * @return whether a node of this name is connected
   */
  CompletionStage<Boolean> drain(String node, String reason, Optional<Duration> deadline);
}
