package dev.rung.searcher;

import dev.rung.space.KeyedRandom;

/**
 * A truncated Gaussian for a coordinate of which equal parts stand for one value each: a part has
 * the probability of the Gaussian over it, spread evenly.
 */
final class StepKernel implements Kernel {
  private final Parts parts;

  /**
   * A kernel.
   *
   * @param mean in [0, 1]
   * @param deviation standard deviation of the Gaussian before it is cut off
   * @param values number of parts
   */
  StepKernel(double mean, double deviation, int values) {
    double[] cumulative = new double[values + 1];
    for (int i = 0; i <= values; i++) {
      cumulative[i] = Normal.cumulative(((double) i / values - mean) / deviation);
    }
    double[] probabilities = new double[values];
    for (int i = 0; i < values; i++) {
      probabilities[i] = (cumulative[i + 1] - cumulative[i]) / (cumulative[values] - cumulative[0]);
    }
    this.parts = Parts.of(probabilities);
  }

  @Override
  public double logDensity(double x) {
    return parts.logDensity(x);
  }

  @Override
  public double sample(KeyedRandom random) {
    return parts.sample(random.nextDouble());
  }
}
