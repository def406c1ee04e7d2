package dev.rung.halving;

/**
 * Asynchronous successive halving by stopping (Li et al., MLSys 2020, section 3.3, as Determined
 * fixes its edges): a trial goes on without waiting if, with its own entry counted, fewer than
 * max(floor(n / eta), 1) entries are better; else it is over. So the first to come to a rung goes
 * on, and an entry that equals the last that may go on goes on too.
 *
 * @param eta the reduction factor, at least 2
 */
public record StoppingAsha(int eta) implements HalvingRule {

  @Override
  public String name() {
    return "asha, stopping";
  }

  @Override
  public Ladder ladder(long min, long max) {
    return Ladder.geometric(min, max, eta);
  }

  @Override
  public int quota(RungView rung, double share) {
    return Math.max(rung.size() / eta, 1);
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
