package dev.rung.access;

/** Keys or tokens cannot be used; the message tells an operator what was expected and where. */
public final class AccessException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** A failure in a sentence. */
  public AccessException(String message) {
    super(message);
  }

  /** A failure in a sentence, and where it came from. */
  public AccessException(String message, Throwable cause) {
    super(message, cause);
  }
}
