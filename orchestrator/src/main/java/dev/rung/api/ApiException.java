package dev.rung.api;

import dev.rung.study.ErrorCode;

/** A refusal on its way to the client: expected, and told with its message. */
public final class ApiException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final ErrorCode code;

  /**
   * A refusal.
   *
   * @param message what was expected and what came, for a person
   */
  public ApiException(ErrorCode code, String message) {
    super(message);
    this.code = code;
  }

  /** Its kind. */
  public ErrorCode code() {
    return code;
  }
}
