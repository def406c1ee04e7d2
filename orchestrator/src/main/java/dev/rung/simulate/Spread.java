package dev.rung.simulate;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** A figure over several runs. */
public record Spread(double median, double least, double most) {

  /** Of at least one value; one that is not a number is left out, unless all are. */
  static Spread of(DoubleStream values) {
    double[] all = values.toArray();
    double[] sorted = Arrays.stream(all).filter(value -> !Double.isNaN(value)).sorted().toArray();
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
