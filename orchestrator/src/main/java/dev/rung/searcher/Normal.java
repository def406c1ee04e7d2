package dev.rung.searcher;

import org.hipparchus.special.Erf;

/** The standard normal distribution. */
final class Normal {
  private Normal() {}

  /** The probability of a value of at most z. */
  static double cumulative(double z) {
    return 0.5 * Erf.erfc(-z / Math.sqrt(2));
  }
}
