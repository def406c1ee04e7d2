package dev.rung.halving;

/**
 * Promotion by a quantile, as Syne Tune has it: the best entry not yet promoted goes on if its loss
 * is at most the linear quantile of all losses of the rung, at the level of the rung over that of
 * the next one. It promotes from the second entry on, and thereby earlier than {@link
 * PromotionAsha}: of two entries with eta 3 the better one goes on at once.
 *
 * <p>A quantile that lies between a finite loss and a failure counts as the finite one. Of several
 * objectives the quantile is one of ranks.
 *
 * @param eta the reduction factor of the ladder, at least 2
 */
public record QuantileAsha(int eta) implements HalvingRule {

  @Override
  public String name() {
    return "asha, quantile";
  }

  @Override
  public Ladder ladder(long min, long max) {
    return Ladder.geometric(min, max, eta);
  }

  /**
   * The linear quantile (type 7 of Hyndman and Fan, The American Statistician 1996; the default of
   * NumPy) lies between two neighbours in the order of the rung, or on the first of them: what
   * equals that one is at or below it, what comes after is above.
   */
  @Override
  public int quota(RungView rung, double share) {
    return rung.size() < 2 ? 0 : rung.countUpTo(rung.trialAt((int) (share * (rung.size() - 1))));
  }
}
