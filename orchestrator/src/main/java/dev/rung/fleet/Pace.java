package dev.rung.fleet;

/**
 * What the slots of a node have trained of a study lately.
 *
 * @param steps in the study's unit
 * @param seconds of slots
 */
public record Pace(double steps, double seconds) {
  /** Both together. */
  public Pace and(Pace other) {
    return new Pace(steps + other.steps, seconds + other.seconds);
  }

  /** A part of it. */
  public Pace times(double part) {
    return new Pace(steps * part, seconds * part);
  }
}
