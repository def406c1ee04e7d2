package dev.rung.searcher;

import dev.rung.space.KeyedRandom;
import java.util.List;

/**
 * A weighted sum of densities over the unit cube, each the product of one kernel a coordinate.
 * Where a point is not active (NaN) its coordinate says nothing, in any of them.
 */
final class Mixture {
  private final List<Kernel[]> components;
  private final double[] logWeights;

  /** Of the logarithms of each component at a point; kept to be used again. */
  private final double[] terms;

  /**
   * A mixture.
   *
   * @param components a kernel for each coordinate
   * @param weights positive, of any sum
   */
  Mixture(List<Kernel[]> components, double[] weights) {
    this.components = List.copyOf(components);
    double sum = 0;
    for (double weight : weights) {
      sum += weight;
    }
    this.logWeights = new double[weights.length];
    for (int i = 0; i < weights.length; i++) {
      logWeights[i] = Math.log(weights[i] / sum);
    }
    this.terms = new double[weights.length];
  }

  /** The logarithm of the density at a point. */
  double logDensity(double[] point) {
    double largest = Double.NEGATIVE_INFINITY;
    for (int k = 0; k < terms.length; k++) {
      Kernel[] kernels = components.get(k);
      double log = logWeights[k];
      for (int i = 0; i < kernels.length; i++) {
        if (!Double.isNaN(point[i])) {
          log += kernels[i].logDensity(point[i]);
        }
      }
      terms[k] = log;
      largest = Math.max(largest, log);
    }
    double sum = 0;
    for (double term : terms) {
      sum += Math.exp(term - largest);
    }
    return largest + Math.log(sum);
  }

  /** A point with this density: one number of the stream for the component, one a coordinate. */
  double[] sample(KeyedRandom random) {
    double rest = random.nextDouble();
    int chosen = 0;
    while (chosen < logWeights.length - 1 && rest >= Math.exp(logWeights[chosen])) {
      rest -= Math.exp(logWeights[chosen]);
      chosen++;
    }
    Kernel[] kernels = components.get(chosen);
    double[] point = new double[kernels.length];
    for (int i = 0; i < point.length; i++) {
      point[i] = kernels[i].sample(random);
    }
    return point;
  }
}
