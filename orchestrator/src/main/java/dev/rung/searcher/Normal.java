package dev.rung.searcher;

import org.hipparchus.special.Erf;

/**
 * The standard normal distribution. A suggestion asks for it thousands of times, so it is read from
 * a table between whose nodes it is a cubic with the right slopes (Hermite); the error is below h^4
 * / 384 times the largest fourth derivative, 1e-12.
 */
final class Normal {
  private static final double FARTHEST = 8.5;
  private static final int NODES_A_UNIT = 256;
  private static final double[] CUMULATIVE = new double[(int) (2 * FARTHEST * NODES_A_UNIT) + 1];
  private static final double[] DENSITY = new double[CUMULATIVE.length];

  static {
    for (int i = 0; i < CUMULATIVE.length; i++) {
      double z = (double) i / NODES_A_UNIT - FARTHEST;
      CUMULATIVE[i] = 0.5 * Erf.erfc(-z / Math.sqrt(2));
      DENSITY[i] = Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
    }
  }

  private Normal() {}

  /** The probability of a value of at most z. */
  static double cumulative(double z) {
    if (z <= -FARTHEST) {
      return 0;
    }
    if (z >= FARTHEST) {
      return 1;
    }
    double place = (z + FARTHEST) * NODES_A_UNIT;
    int i = (int) place;
    double t = place - i;
    double rise = CUMULATIVE[i + 1] - CUMULATIVE[i];
    double from = DENSITY[i] / NODES_A_UNIT;
    double to = DENSITY[i + 1] / NODES_A_UNIT;
    double value =
        CUMULATIVE[i] + t * (from + t * (3 * rise - 2 * from - to + t * (from + to - 2 * rise)));
    return Math.clamp(value, CUMULATIVE[i], CUMULATIVE[i + 1]);
  }
}
