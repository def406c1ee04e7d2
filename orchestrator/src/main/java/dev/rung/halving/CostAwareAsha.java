package dev.rung.halving;

/**
 * Promotion by what trials have cost, as Syne Tune's cost-aware promotion has it: the best entry
 * not yet promoted goes on if it and all better ones together have cost at most a part of what all
 * entries of the rung have cost, which is the level of the rung over that of the next one. So a
 * rung passes on a part of the money and not of the trials. Where all cost the same, that is the
 * rule of {@link PromotionAsha} from the second entry on; where no cost is known, all are taken to
 * be equal.
 *
 * @param eta the reduction factor of the ladder, at least 2
 */
public record CostAwareAsha(int eta) implements HalvingRule {

  @Override
  public String name() {
    return "asha, cost-aware";
  }

  @Override
  public Ladder ladder(long min, long max) {
    return Ladder.geometric(min, max, eta);
  }

  @Override
  public int quota(RungView rung, double share) {
    int n = rung.size();
    double bound = share * rung.costOfFirst(n);
    if (n < 2 || bound == 0) {
      return (int) (share * n);
    }
    int low = 0;
    int high = n;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (rung.costOfFirst(middle) <= bound) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }
}
