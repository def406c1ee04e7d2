package dev.rung.simulation;

import dev.rung.space.KeyedRandom;

/** What becomes of messages within the cluster: in a storm some are late, doubled or lost. */
final class Messages {
  private static final long MILLIS = 1_000_000;
  private static final long SECONDS = 1_000 * MILLIS;

  private final Simulation simulation;
  private final KeyedRandom random;

  Messages(Simulation simulation) {
    this.simulation = simulation;
    this.random = KeyedRandom.stream(simulation.seed(), "messages", 0);
  }

  /**
   * A message is about to arrive.
   *
   * @param again lets it arrive
   * @return whether it arrives now; perhaps it also does so later
   */
  boolean arrives(Runnable again) {
    if (isSpared()) {
      return true;
    }
    int what = random.nextInt(3);
    if (what > 0) {
      simulation.timeline().after(random.nextInt(8_000) * MILLIS, again);
    }
    return what == 2;
  }

  /**
   * A message on a way that keeps the order, and so loses what it does not bring at once, is about
   * to arrive.
   */
  boolean arrivesInOrder() {
    // Longer than an offer stands, so that what was leased is given back.
    boolean silent =
        simulation.isStormy()
            && simulation.traps().isSet(Failpoint.AFTER_COMMIT_OF_RELEASE)
            && simulation.timeline().now() < 15 * SECONDS;
    return !silent && isSpared();
  }

  private boolean isSpared() {
    return !simulation.isStormy() || random.nextInt(simulation.style().messageOdds()) > 0;
  }
}
