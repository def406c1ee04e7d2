package dev.rung.searcher;

/** Densities on the unit interval that are even within each of its equal parts. */
final class Parts {
  private Parts() {}

  /** The part that a point lies in. */
  static int index(double x, int parts) {
    return Math.clamp((long) Math.floor(x * parts), 0, parts - 1);
  }

  /**
   * The logarithm of the density at a point.
   *
   * @param probabilities of the parts
   */
  static double logDensity(double[] probabilities, double x) {
    int parts = probabilities.length;
    return Math.log(probabilities[index(x, parts)] * parts);
  }

  /**
   * The middle of a part.
   *
   * @param probabilities of the parts
   * @param u a uniform number in [0, 1)
   */
  static double sample(double[] probabilities, double u) {
    double rest = u;
    int part = 0;
    while (part < probabilities.length - 1 && rest >= probabilities[part]) {
      rest -= probabilities[part];
      part++;
    }
    return (part + 0.5) / probabilities.length;
  }
}
