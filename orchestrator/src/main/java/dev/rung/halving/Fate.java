package dev.rung.halving;

/** What a rule does with a trial whose value has just entered a rung that is not the last. */
public sealed interface Fate {

  /** It goes on if the next free slot would be its; else it pauses. */
  record Compete() implements Fate {}

  /** It goes on without waiting, since it is among the best. */
  record GoOn() implements Fate {}

  /** It goes on without waiting whatever its rank. */
  record Carry() implements Fate {}

  /** It is over. */
  record Over() implements Fate {}

  /**
   * It is over, and a copy of another trial takes its place.
   *
   * @param parent the other trial's number
   */
  record Replace(int parent) implements Fate {}
}
