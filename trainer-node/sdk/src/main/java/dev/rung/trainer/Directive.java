package dev.rung.trainer;

/** What an attempt is to do next. */
public enum Directive {
  /** Train on. */
  CONTINUE,
  /** Return from {@link Trainer#train}: the trial may go on later from its newest checkpoint. */
  PAUSE,
  /** Return from {@link Trainer#train}: the trial is over, or this attempt of it is. */
  STOP;

  /** Whether {@link Trainer#train} must return. */
  public boolean mustEnd() {
    return this != CONTINUE;
  }
}
