package dev.rung.fleet;

import dev.rung.study.Slot;
import java.time.Duration;
import java.util.Optional;

/** What the dispatcher says to the session of a trainer node. */
public sealed interface ToFleetSession {

  /** A study is active: it has to know the session and which of its attempts the node runs. */
  record Introduce(String study) implements ToFleetSession {}

  /** The study that an offer went to has no use for it. */
  record Declined(Slot slot) implements ToFleetSession {}

  /**
   * The node is to end in order.
   *
   * @param deadline until it is to be gone; empty: as long as its operator gave it
   */
  record Drain(String reason, Optional<Duration> deadline) implements ToFleetSession {}

  /** A newer session of the same node took over. */
  record Superseded() implements ToFleetSession {}
}
