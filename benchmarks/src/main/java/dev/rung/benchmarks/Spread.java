package dev.rung.benchmarks;

import java.util.Arrays;
import java.util.List;

/**
 * Figures of equal rounds.
 *
 * @param sorted the lowest first, at least one
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared.
public record Spread(double[] sorted) {

  /** The spread of at least one figure. */
  public static Spread of(List<Double> figures) {
    double[] sorted = figures.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return new Spread(sorted);
  }

  /** The mean of the middle two of an even number. */
  public double median() {
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  /** Median, lowest and highest. */
  public String text(String format) {
    String all = format + " (" + format + " .. " + format + ", n = %d)";
    return all.formatted(median(), sorted[0], sorted[sorted.length - 1], sorted.length);
  }
}
