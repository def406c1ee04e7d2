package dev.rung.halving;

import java.util.List;
import java.util.Optional;

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
  public int quota(int n) {
    return n;
  }

  @Override
  public Optional<Promotion> next(List<? extends RungView> rungs, int candidate) {
    return Optional.empty();
  }

  @Override
  public int promotable(RungView rung) {
    return 0;
  }
}
