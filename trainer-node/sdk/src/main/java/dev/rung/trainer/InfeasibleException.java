package dev.rung.trainer;

/** The assignment cannot be trained: the trial leaves every rung and does not use up the budget. */
public final class InfeasibleException extends Exception {
  private static final long serialVersionUID = 1L;

  /**
   * @param message why, for a person
   */
  public InfeasibleException(String message) {
    super(message);
  }
}
