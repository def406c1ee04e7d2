package dev.rung.simulate;

/** Functions whose minima are known. */
public final class Functions {
  private static final double[] WEIGHTS = {1.0, 1.2, 3.0, 3.2};

  private static final double[][] SHAPES = {
    {10, 3, 17, 3.5, 1.7, 8},
    {0.05, 10, 17, 0.1, 8, 14},
    {3, 3.5, 1.7, 10, 17, 8},
    {17, 8, 0.05, 10, 0.1, 14}
  };

  private static final double[][] CENTRES = {
    {0.1312, 0.1696, 0.5569, 0.0124, 0.8283, 0.5886},
    {0.2329, 0.4135, 0.8307, 0.3736, 0.1004, 0.9991},
    {0.2348, 0.1451, 0.3522, 0.2883, 0.3047, 0.6650},
    {0.4047, 0.8828, 0.8732, 0.5743, 0.1091, 0.0381}
  };

  private Functions() {}

  /** Branin (1972) on [-5, 10] x [0, 15]; three minima of 5 / (4 pi). */
  public static double branin(double x, double y) {
    double parabola = y - 5.1 / (4 * Math.PI * Math.PI) * x * x + 5 / Math.PI * x - 6;
    return parabola * parabola + 10 * (1 - 1 / (8 * Math.PI)) * Math.cos(x) + 10;
  }

  /** Hartmann (1973) on the unit cube of six dimensions; its lowest minimum is -3.32237. */
  public static double hartmann(double[] x) {
    double sum = 0;
    for (int i = 0; i < WEIGHTS.length; i++) {
      double exponent = 0;
      for (int j = 0; j < CENTRES[i].length; j++) {
        double distance = x[j] - CENTRES[i][j];
        exponent += SHAPES[i][j] * distance * distance;
      }
      sum += WEIGHTS[i] * Math.exp(-exponent);
    }
    return -sum;
  }
}
