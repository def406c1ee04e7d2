package dev.rung.halving;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Trials for tests of rules; they do what the test says. */
final class Trials implements Contestants {
  private final Map<Integer, Fake> trials = new TreeMap<>();

  /** A trial heads for a rung or waits at it. */
  void at(int trial, int rung) {
    trials.put(trial, new Fake(trial, rung, true, false));
  }

  /** A trial is over. */
  void close(int trial) {
    trials.put(trial, new Fake(trial, of(trial).rung(), true, true));
  }

  /** A trial has nothing that a copy could go on from. */
  void loseCheckpoint(int trial) {
    trials.put(trial, new Fake(trial, of(trial).rung(), false, false));
  }

  @Override
  public Iterable<? extends Contestant> all() {
    return trials.values();
  }

  @Override
  public Contestant of(int trial) {
    return trials.getOrDefault(trial, new Fake(trial, 0, false, false));
  }

  @Override
  public @Nullable Curve curve(int trial) {
    return null;
  }

  private record Fake(int number, int rung, boolean hasCheckpoint, boolean isClosed)
      implements Contestant {}
}
