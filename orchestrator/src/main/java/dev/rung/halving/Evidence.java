package dev.rung.halving;

import java.util.Optional;

/**
 * What a verdict rests on.
 *
 * @param rule name of the rule
 * @param rung index of the rung
 * @param level its level, in the study's unit
 * @param value of the first objective as it was sent; may be NaN or infinite
 * @param rank number of entries before it, as the rule counts those of equal value
 * @param n entries in the rung, this one included
 * @param cutoff a rank below it may go on
 * @param ladderVersion of the ladder in force
 * @param place present where there is more to it than the value
 */
public record Evidence(
    String rule,
    int rung,
    long level,
    double value,
    int rank,
    int n,
    int cutoff,
    int ladderVersion,
    Optional<Place> place) {

  /** Evidence of one value without constraints. */
  public Evidence(
      String rule,
      int rung,
      long level,
      double value,
      int rank,
      int n,
      int cutoff,
      int ladderVersion) {
    this(rule, rung, level, value, rank, n, cutoff, ladderVersion, Optional.empty());
  }

  /**
   * Where an entry stands among several objectives and constraints.
   *
   * @param score all values and by how much the constraints are missed
   * @param front index of the non-dominated front, from 0
   */
  public record Place(Score score, int front) {}
}
