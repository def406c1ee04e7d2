package dev.rung.space;

import java.math.BigDecimal;
import java.math.MathContext;

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

  /**
   * The value min + step * index, rounded to 12 significant digits so that 0.1 * 3 is 0.3 and not
   * 0.30000000000000004.
   */
  static double value(double min, double step, long index) {
    return new BigDecimal(min + step * index).round(new MathContext(12)).doubleValue();
  }
}
