package dev.rung.space;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/**
 * Rounds real values to decimals, far coarser than arithmetic errs and far finer than training can
 * tell, so that the way to the unit cube and back ends at the very same number.
 */
final class Decimals {
  private static final int DIGITS = 12;
  private static final MathContext SIGNIFICANT = new MathContext(DIGITS, RoundingMode.HALF_EVEN);

  private Decimals() {}

  /** To 12 significant digits, for what is computed with a relative error. */
  static double significant(double value) {
    return new BigDecimal(value).round(SIGNIFICANT).doubleValue();
  }

  /** To 12 digits below the leading one of a range, for what is computed with its error. */
  static double within(double range, double value) {
    int places = DIGITS - (int) Math.floor(Math.log10(range));
    return new BigDecimal(value).setScale(places, RoundingMode.HALF_EVEN).doubleValue();
  }
}
