package dev.rung.trainer;

/**
 * How a node ended.
 *
 * @param kind what ended it
 * @param message for a person
 */
public record Outcome(Kind kind, String message) {

  /** What ended a node. */
  public enum Kind {
    /** It was closed, and its logs were delivered as far as the server was there. */
    CLOSED(0),
    /** The server asked it to drain, and it did. */
    DRAINED(0),
    /** A newer session of a node of the same name took over. */
    SUPERSEDED(5),
    /** The server does not take this node, for instance another protocol version. */
    REJECTED(1),
    /**
     * A node with a data folder had no contact with the server for longer than it lets nodes train
     * on. The attempts ended at a checkpoint where one came before the drain deadline; the next
     * start delivers their logs. The exit code is EX_TEMPFAIL of sysexits.h: start it again.
     */
    NO_CONTACT(75),
    /** An error of the node itself. */
    FAILED(1);

    private final int exitCode;

    Kind(int exitCode) {
      this.exitCode = exitCode;
    }
  }

  /** Exit code for a process that runs the node: 0 where it ended as it should. */
  public int exitCode() {
    return kind.exitCode;
  }
}
