package dev.rung.halving;

/**
 * Asynchronous successive halving by promotion (Li et al., MLSys 2020, algorithm 2): the best entry
 * not yet promoted goes on if its rank is below floor(n / eta), looking from the top rung down.
 *
 * <p>Delayed (Hyper-Tune, Li et al., VLDB 2022, section 4.2): a rung promotes only while that keeps
 * its promotions at or below floor(n / eta), so that later and better arrivals are not too late.
 *
 * @param eta the reduction factor, at least 2
 * @param delayed whether promotion is delayed
 */
public record PromotionAsha(int eta, boolean delayed) implements HalvingRule {

  @Override
  public String name() {
    return delayed ? "asha, delayed promotion" : "asha, promotion";
  }

  @Override
  public Ladder ladder(long min, long max) {
    return Ladder.geometric(min, max, eta);
  }

  @Override
  public int quota(RungView rung, double share) {
    return rung.size() / eta;
  }

  /** At most trials / eta reach the second rung, of these at most one in eta the third, ... */
  @Override
  public long within(BracketView bracket, int rung, long trials) {
    long within = trials;
    for (int level = bracket.ladder().start(); level <= rung; level++) {
      within /= eta;
    }
    return within;
  }

  @Override
  public boolean mayGoOn(RungView rung, double share, int trial) {
    boolean tooEarly = delayed && rung.promotions() >= quota(rung, share);
    return !tooEarly && HalvingRule.super.mayGoOn(rung, share, trial);
  }

  @Override
  public int promotable(RungView rung, double share) {
    int open = HalvingRule.super.promotable(rung, share);
    return delayed ? Math.min(open, Math.max(0, quota(rung, share) - rung.promotions())) : open;
  }
}
