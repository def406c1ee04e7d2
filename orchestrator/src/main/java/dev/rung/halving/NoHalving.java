package dev.rung.halving;

import java.util.List;

/** Trains every trial to the top: one rung, no promotions. */
public record NoHalving() implements HalvingRule {

  @Override
  public String name() {
    return "none";
  }

  @Override
  public Ladder ladder(long min, long max) {
    return new Ladder(1, List.of(max));
  }

  @Override
  public int quota(RungView rung, double share) {
    return rung.size();
  }

  @Override
  public boolean mayGoOn(RungView rung, double share, int trial) {
    return false;
  }

  @Override
  public int promotable(RungView rung, double share) {
    return 0;
  }
}
