package dev.rung.halving;

import dev.rung.space.KeyedRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Asynchronous Hyperband (Li et al., JMLR 2018, for the brackets; MLSys 2020, section 3.2, for
 * running them asynchronously): several ladders, each of which begins a rung higher than the one
 * before it, so that a study loses little where the lowest rungs mislead. A trial's bracket is
 * drawn by a hash of the study's seed and the trial's number, in proportion to the brackets' sizes.
 *
 * @param rule that judges the rungs of each bracket
 * @param eta the reduction factor, at least 2
 * @param most brackets; empty: as many as there are levels
 * @param seed of the study
 */
public record Hyperband(HalvingRule rule, int eta, Optional<Integer> most, long seed)
    implements HalvingRule {

  @Override
  public String name() {
    return "hyperband, " + rule.name();
  }

  @Override
  public Ladder ladder(long min, long max) {
    return rule.ladder(min, max);
  }

  @Override
  public List<Ladder> ladders(long min, long max) {
    List<Long> levels = ladder(min, max).levels();
    int count = Math.min(most.orElse(levels.size()), levels.size());
    List<Ladder> ladders = new ArrayList<>();
    for (int first = 0; first < count; first++) {
      ladders.add(new Ladder(1, levels.subList(first, levels.size())));
    }
    return ladders;
  }

  @Override
  public int bracket(int trial, int count) {
    List<Long> sizes = sizes(count, eta);
    double total = sizes.stream().mapToLong(Long::longValue).sum();
    double place = KeyedRandom.stream(seed, "bracket", trial).nextDouble() * total;
    int bracket = 0;
    while (bracket < count - 1 && place >= sizes.get(bracket)) {
      place -= sizes.get(bracket);
      bracket++;
    }
    return bracket;
  }

  /**
   * Sizes of brackets, the one with the lowest first rung first: ceil(count * eta^s / (s + 1)) for
   * s from count - 1 down to 0. The sizes of the paper's Table 1 are 81, 27, 9, 6, 5 for its first
   * example; rounded up as here, as most implementations have them, 81, 34, 15, 8, 5.
   */
  static List<Long> sizes(int count, int eta) {
    List<Long> sizes = new ArrayList<>();
    for (int s = count - 1; s >= 0; s--) {
      double power = Math.pow(eta, s);
      sizes.add((long) Math.ceil(count * power / (s + 1)));
    }
    return sizes;
  }

  @Override
  public int quota(RungView rung, double share) {
    return rule.quota(rung, share);
  }

  @Override
  public int rank(RungView rung, int trial) {
    return rule.rank(rung, trial);
  }

  @Override
  public boolean isStopping() {
    return rule.isStopping();
  }

  @Override
  public boolean mayGoOn(RungView rung, double share, int trial) {
    return rule.mayGoOn(rung, share, trial);
  }

  @Override
  public int promotable(RungView rung, double share) {
    return rule.promotable(rung, share);
  }
}
