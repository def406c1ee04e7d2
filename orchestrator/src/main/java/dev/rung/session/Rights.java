package dev.rung.session;

import java.time.Duration;

/**
 * What the caller of a session may do that others may not.
 *
 * @param names of nodes, of all sessions
 * @param logs that may be written, of all sessions
 */
record Rights(Caller caller, NodeNames names, LogRights logs) {
  /** Of a caller who shares nothing with others. */
  static Rights alone() {
    return new Rights(
        Caller.ANYBODY, new NodeNames(Duration.ZERO, System::nanoTime), new LogRights());
  }

  /** The same of another caller. */
  Rights of(Caller other) {
    return new Rights(other, names, logs);
  }
}
