package dev.rung.space;

import java.math.BigDecimal;

/** Evenly spaced values and the equal parts of the unit interval that stand for them. */
final class Grid {
  private Grid() {}

  /** The part, from 0 to count - 1, that a point of [0, 1] lies in. */
  static long index(double u, long count) {
    return Math.clamp((long) Math.floor(u * count), 0L, count - 1);
  }

  /** The middle of a part. */
  static double centre(long index, long count) {
    return (index + 0.5) / count;
  }

  /** How many values there are from min to max, counted in decimal. */
  static long count(double min, double max, double step) {
    BigDecimal length = BigDecimal.valueOf(max).subtract(BigDecimal.valueOf(min));
    return length.divideToIntegralValue(BigDecimal.valueOf(step)).longValue() + 1;
  }

  /**
   * The value min + step * index in decimal, so that 0.1 * 3 is 0.3 and not 0.30000000000000004.
   */
  static double value(double min, double step, long index) {
    return BigDecimal.valueOf(step)
        .multiply(BigDecimal.valueOf(index))
        .add(BigDecimal.valueOf(min))
        .doubleValue();
  }
}
