package dev.rung.halving;

/**
 * Stops a trial whose value at a rung is worse than the median of the values that all trials had
 * there, its own included; with an even number of them the median lies between the middle two. It
 * is a true median over trials at the same step, of whatever became of them since: neither a mean
 * of means, nor only over trials that ended, nor fixed when the trial began. With {@code take:
 * best} a trial is judged by the best that it has reached, as in Golovin et al., Google Vizier, KDD
 * 2017, section 3.2.3, whose rule holds that against running averages of the others.
 *
 * @param eta the factor between the rungs at which trials are judged, at least 2
 * @param least entries that a rung must have before one of them is stopped
 */
public record MedianStopping(int eta, int least) implements HalvingRule {
  /** As many as Ray Tune waits for. */
  static final int LEAST = 3;

  @Override
  public String name() {
    return "median stopping";
  }

  @Override
  public Ladder ladder(long min, long max) {
    return Ladder.geometric(min, max, eta);
  }

  /** At most the median are the lower of the middle two, all before it, and all that equal it. */
  @Override
  public int quota(RungView rung, double share) {
    int n = rung.size();
    return n < least ? n : rung.countUpTo(rung.trialAt((n - 1) / 2));
  }

  @Override
  public int rank(RungView rung, int trial) {
    return rung.countBetter(trial);
  }

  @Override
  public boolean isStopping() {
    return true;
  }
}
