package dev.rung.study;

/** Why a study ended or is about to. */
public enum EndReason {
  /** Every trial of the budget ran as far as its rungs let it. */
  COMPLETED("every trial of the budget has run"),
  /** The space holds no assignment that was not tried. */
  EXHAUSTED("every assignment of the space has run"),
  /** The target was reached. */
  TARGET("the target was reached"),
  /** The time is over. */
  TIME("the time of the budget is over"),
  /** The resource is used up. */
  RESOURCE("the resource of the budget is used up"),
  /** The cost is used up. */
  COST("the cost of the budget is used up"),
  /** The money is spent. */
  MONEY("the money of the budget is spent"),
  /** The deadline has come. */
  DEADLINE("the deadline has come"),
  /** Too many trials brought nothing better. */
  NO_IMPROVEMENT("the last trials brought nothing better"),
  /** A person stopped it. */
  STOPPED("it was stopped"),
  /** A person cancelled it. */
  CANCELLED("it was cancelled");

  private final String text;

  EndReason(String text) {
    this.text = text;
  }

  /** Whether a bound of the budget or its lack of work ended the study, and no person. */
  boolean isOfBudget() {
    return this != STOPPED && this != CANCELLED;
  }

  /** The reason as the end of a sentence. */
  public String text() {
    return text;
  }
}
