package dev.rung.checkpoint;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A store could not do what it was asked to. The message tells what was expected and what came. */
public final class CheckpointException extends IOException {
  private static final long serialVersionUID = 1;

  /** What is wrong. */
  public enum Fault {
    /** There is no checkpoint at the place. */
    MISSING,
    /** What is at the place is not what was written: another size or digest. */
    DAMAGED,
    /** The place holds another checkpoint, and none is ever written over. */
    TAKEN,
    /** The store has no room. */
    NO_SPACE,
    /** The store does not let this process do it. */
    DENIED,
    /** The store cannot be reached, or failed for reasons of its own. */
    UNAVAILABLE
  }

  private final Fault fault;

  /** A fault. */
  public CheckpointException(Fault fault, String message, @Nullable Throwable cause) {
    super(message, cause);
    this.fault = fault;
  }

  /** What is wrong. */
  public Fault fault() {
    return fault;
  }

  /** Whether the checkpoint itself is lost, wherever one looks at it from. */
  public boolean isLost() {
    return fault == Fault.MISSING || fault == Fault.DAMAGED;
  }
}
