package dev.rung.halving;

/**
 * Promotion by a quantile, as Syne Tune has it: the best entry not yet promoted goes on if its loss
 * is at most the linear quantile of all losses of the rung, at the level of the rung over that of
 * the next one. It promotes from the second entry on, and thereby earlier than {@link
 * PromotionAsha}: of two entries with eta 3 the better one goes on at once.
 *
 * <p>A quantile that lies between a finite loss and a failure counts as the finite one.
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

  @Override
  public int quota(RungView rung, double share) {
    return rung.size() < 2 ? 0 : rung.countUpTo(quantile(rung, share));
  }

  /**
   * The linear quantile (type 7 of Hyndman and Fan, The American Statistician 1996; the default of
   * NumPy) of the losses of a rung.
   *
   * @param rung with at least one entry
   * @param level from 0 to 1
   */
  static double quantile(RungView rung, double level) {
    double place = level * (rung.size() - 1);
    int below = (int) place;
    double low = rung.loss(rung.trialAt(below));
    double high = rung.loss(rung.trialAt(Math.min(below + 1, rung.size() - 1)));
    return Double.isFinite(high) ? low + (place - below) * (high - low) : low;
  }
}
