package dev.rung.halving;

/** What a rule may know of a trial. */
public interface Contestant {

  /** From 1 within the study. */
  int number();

  /** Index of the rung that it heads for, or of the one that it is paused at. */
  int rung();

  /** Whether there is something that a copy of it can go on from. */
  boolean hasCheckpoint();

  /** Whether it will not go on any more. */
  boolean isClosed();
}
