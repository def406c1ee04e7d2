package dev.rung.halving;

import java.util.List;
import java.util.Optional;

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
  public int quota(int n) {
    return n / eta;
  }

  @Override
  public Optional<Promotion> next(List<? extends RungView> rungs, int candidate) {
    for (int k = rungs.size() - 2; k >= 0; k--) {
      RungView rung = rungs.get(k);
      int quota = quota(rung.size());
      if (delayed && rung.promotions() >= quota) {
        continue;
      }
      int trial = rung.firstOpenOr(candidate);
      if (trial >= 0 && rung.rank(trial) < quota && Double.isFinite(rung.loss(trial))) {
        return Optional.of(new Promotion(trial, k));
      }
    }
    return Optional.empty();
  }

  @Override
  public int promotable(RungView rung) {
    int quota = quota(rung.size());
    int open = rung.openAmongFirst(quota);
    return delayed ? Math.min(open, Math.max(0, quota - rung.promotions())) : open;
  }
}
