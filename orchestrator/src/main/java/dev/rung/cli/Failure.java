package dev.rung.cli;

/** An end of a command that a person is told of in one message. */
final class Failure extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Failed or timed out. */
  static final int FAILED = 1;

  /** Wrong usage or a bad file. */
  static final int USAGE = 2;

  /** What was named is not there. */
  static final int NOT_FOUND = 3;

  /** The server, or whoever asks, may not be trusted. */
  static final int NOT_ALLOWED = 4;

  /** Something else stands in the way. */
  static final int CONFLICT = 5;

  /** There is no server. */
  static final int NO_SERVER = 7;

  private final int exit;

  /**
   * A failure.
   *
   * @param exit code that the command ends with
   */
  Failure(int exit, String message) {
    super(message);
    this.exit = exit;
  }

  /** Something was typed that cannot be. */
  static Failure usage(String message) {
    return new Failure(USAGE, message);
  }

  int exit() {
    return exit;
  }

  /** The message; a failure always has one. */
  String text() {
    return String.valueOf(getMessage());
  }
}
