package dev.rung.simulate;

import dev.rung.space.KeyedRandom;

/** Draws of the distributions that simulations need, from one keyed stream. */
final class Chance {
  private final KeyedRandom random;

  Chance(long seed, String purpose, long number) {
    this.random = KeyedRandom.stream(seed, purpose, number);
  }

  /** Standard normal (Box and Muller, A Note on the Generation of Random Normal Deviates, 1958). */
  double normal() {
    double radius = Math.sqrt(-2 * Math.log(1 - random.nextDouble()));
    return radius * Math.cos(2 * Math.PI * random.nextDouble());
  }

  /** The time until something that happens with this chance in every unit of time. */
  double waiting(double chance) {
    if (chance <= 0) {
      return Double.POSITIVE_INFINITY;
    }
    return chance >= 1 ? 0 : Math.log(1 - random.nextDouble()) / Math.log(1 - chance);
  }

  /** The time until the next of what comes so often in a unit of time. */
  double next(double rate) {
    return rate <= 0 ? Double.POSITIVE_INFINITY : -Math.log(1 - random.nextDouble()) / rate;
  }

  /** How many of so many tries succeed. */
  int successes(int tries, double chance) {
    int count = 0;
    for (int i = 0; i < tries; i++) {
      count += random.nextDouble() < chance ? 1 : 0;
    }
    return count;
  }

  /** Uniform in [0, bound). */
  int below(int bound) {
    return random.nextInt(bound);
  }
}
