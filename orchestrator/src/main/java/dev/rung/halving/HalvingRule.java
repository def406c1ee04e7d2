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
   * @param share level of the rung over that of the next one
   */
  int quota(RungView rung, double share);

  /** Number of entries that come before a trial's, as this rule counts equal values. */
  default int rank(RungView rung, int trial) {
    return rung.rank(trial);
  }

  /**
   * Whether a trial that may not go on at its milestone is over. Its trainer does not wait there.
   * Otherwise it pauses, and may be promoted later.
   */
  default boolean isStopping() {
    return false;
  }

  /** Whether a trial with an entry may go on from a rung, which has to be any but the top. */
  default boolean mayGoOn(RungView rung, double share, int trial) {
    return rank(rung, trial) < quota(rung, share) && Double.isFinite(rung.loss(trial));
  }

  /**
   * The promotion that a free slot is used for: the best open entry that may go on, looking from
   * the top rung down.
   *
   * @param rungs from the lowest; the last is the top, from which nothing is promoted
   * @param candidate a trial that waits at its rung in the slot that would be free, and counts as
   *     open; -1: none
   */
  default Optional<Promotion> next(Ladder ladder, List<? extends RungView> rungs, int candidate) {
    for (int k = rungs.size() - 2; k >= 0; k--) {
      int trial = rungs.get(k).firstOpenOr(candidate);
      if (trial >= 0 && mayGoOn(rungs.get(k), ladder.share(k), trial)) {
        return Optional.of(new Promotion(trial, k));
      }
    }
    return Optional.empty();
  }

  /**
   * How many promotions out of a rung are possible now without a new entry.
   *
   * @param rung any but the top
   * @param share level of the rung over that of the next one
   */
  default int promotable(RungView rung, double share) {
    return rung.openAmongFirst(quota(rung, share));
  }

  /**
   * A trial that may go on.
   *
   * @param trial its number
   * @param rung index of the rung that it leaves
   */
  record Promotion(int trial, int rung) {}
}
