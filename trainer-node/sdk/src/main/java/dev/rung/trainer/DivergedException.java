package dev.rung.trainer;

/** The training diverged: the trial ends as the worst of its rung and is not retried. */
public final class DivergedException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param message how, for a person
   */
  public DivergedException(String message) {
    super(message);
  }
}
