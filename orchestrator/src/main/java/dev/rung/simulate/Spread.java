package dev.rung.simulate;

import java.util.stream.DoubleStream;

/**
 * A figure over several runs.
 *
 * @param median the middle one, the mean of the middle two of an even number
 */
public record Spread(double median, double least, double most) {

  /**
   * The spread of values. NaN is that of a run which has none: such runs are left out, and what is
   * nobody's is NaN. A value that is to count as the worst has to be infinite.
   */
  public static Spread of(DoubleStream values) {
    double[] sorted = values.filter(value -> !Double.isNaN(value)).sorted().toArray();
    if (sorted.length == 0) {
      return new Spread(Double.NaN, Double.NaN, Double.NaN);
    }
    int half = sorted.length / 2;
    double median = sorted.length % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }

  /** The same in another unit. */
  public Spread times(double factor) {
    return new Spread(median * factor, least * factor, most * factor);
  }
}
