package dev.rung.searcher;

import dev.rung.space.KeyedRandom;
import java.util.Arrays;

/**
 * A coordinate whose parts have nothing in common: the observed one is likelier than the others,
 * which are equally likely. Row of Optuna's categorical estimator: (1[c = observed] + s) / (1 + s
 * C) for each of C values.
 */
final class ChoiceKernel implements Kernel {
  private final Parts parts;

  /**
   * A kernel.
   *
   * @param observed a point in the part that was observed
   * @param smoothing what a value has that was not observed, beside 1 for the one that was
   * @param values number of parts
   */
  ChoiceKernel(double observed, double smoothing, int values) {
    double sum = 1 + smoothing * values;
    double[] probabilities = new double[values];
    Arrays.fill(probabilities, smoothing / sum);
    probabilities[Parts.index(observed, values)] = (1 + smoothing) / sum;
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
