package dev.rung.halving;

import java.util.List;
import java.util.Optional;

/** Says which trials go on. A rule is a function of the rungs; it keeps no state of its own. */
public interface HalvingRule {

  /** The name that verdicts are recorded under. */
  String name();

  /** The ladder that a new study starts with. */
  Ladder ladder(long min, long max);

  /**
   * A rank of the rung below this number may go on.
   *
   * @param n entries in the rung
   */
  int quota(int n);

  /**
   * The promotion that a free slot is used for.
   *
   * @param rungs from the lowest; the last is the top, from which nothing is promoted
   * @param candidate a trial that waits at its rung in the slot that would be free, and counts as
   *     open; -1: none
   */
  Optional<Promotion> next(List<? extends RungView> rungs, int candidate);

  /**
   * How many promotions out of a rung are possible now without a new entry.
   *
   * @param rung any but the top
   */
  int promotable(RungView rung);

  /**
   * A trial that may go on.
   *
   * @param trial its number
   * @param rung index of the rung that it leaves
   */
  record Promotion(int trial, int rung) {}
}
