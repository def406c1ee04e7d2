package dev.rung.searcher;

/** A density on the unit interval that is even within each of its equal parts. */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
record Parts(double[] probabilities, double[] logDensities) {

  /** Parts of these probabilities, which sum up to 1. */
  static Parts of(double[] probabilities) {
    double[] logDensities = new double[probabilities.length];
    for (int i = 0; i < probabilities.length; i++) {
      logDensities[i] = Math.log(probabilities[i] * probabilities.length);
    }
    return new Parts(probabilities, logDensities);
  }

  /** The part that a point lies in. */
  static int index(double x, int parts) {
    return Math.clamp((long) Math.floor(x * parts), 0, parts - 1);
  }

  /** The logarithm of the density at a point. */
  double logDensity(double x) {
    return logDensities[index(x, logDensities.length)];
  }

  /**
   * The middle of a part.
   *
   * @param u a uniform number in [0, 1)
   */
  double sample(double u) {
    double rest = u;
    int part = 0;
    while (part < probabilities.length - 1 && rest >= probabilities[part]) {
      rest -= probabilities[part];
      part++;
    }
    return (part + 0.5) / probabilities.length;
  }
}
