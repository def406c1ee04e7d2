package dev.rung.benchmarks;

import java.util.List;

/**
 * Two algorithms with the same seeds, lower is better.
 *
 * @param better seeds on which the first is better
 * @param worse seeds on which it is worse
 */
public record SignTest(int better, int worse) {

  /** Compares figures by seed. */
  public static SignTest of(List<Double> figures, List<Double> others) {
    int better = 0;
    int worse = 0;
    for (int i = 0; i < figures.size(); i++) {
      better += figures.get(i) < others.get(i) ? 1 : 0;
      worse += figures.get(i) > others.get(i) ? 1 : 0;
    }
    return new SignTest(better, worse);
  }

  /** The probability of a split at least as uneven where both sides are equally likely. */
  public double p() {
    int n = better + worse;
    double sum = 0;
    double term = Math.scalb(1.0, -n);
    for (int k = 0; k <= Math.min(better, worse); k++) {
      sum += term;
      term *= (double) (n - k) / (k + 1);
    }
    return Math.min(1, 2 * sum);
  }
}
