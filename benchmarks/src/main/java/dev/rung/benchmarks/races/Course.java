package dev.rung.benchmarks.races;

import java.util.List;

/**
 * How the best loss of one run fell.
 *
 * @param times at which it became lower
 * @param bests what it was from then on
 */
record Course(List<Double> times, List<Double> bests) {

  /** The first time at which it is as low as this; infinite if never. */
  double reaches(double target) {
    for (int i = 0; i < times.size(); i++) {
      if (bests.get(i) <= target) {
        return times.get(i);
      }
    }
    return Double.POSITIVE_INFINITY;
  }

  /** The best up to a time; infinite before the first. */
  double at(double time) {
    double best = Double.POSITIVE_INFINITY;
    for (int i = 0; i < times.size() && times.get(i) <= time; i++) {
      best = bests.get(i);
    }
    return best;
  }
}
