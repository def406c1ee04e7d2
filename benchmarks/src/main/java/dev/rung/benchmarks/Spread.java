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

  /** Figures in any order, at least one. */
  public static Spread of(List<Double> figures) {
    double[] sorted = figures.stream().mapToDouble(Double::doubleValue).toArray();
    Arrays.sort(sorted);
    return new Spread(sorted);
  }

  /** The middle one, or the mean of the middle two. */
  public double median() {
    return dev.rung.simulate.Spread.of(Arrays.stream(sorted)).median();
  }

  /** Median, lowest and highest. */
  public String text(String format) {
    String all = format + " (" + format + " .. " + format + ", n = %d)";
    return all.formatted(median(), sorted[0], sorted[sorted.length - 1], sorted.length);
  }
}
