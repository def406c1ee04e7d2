package dev.rung.space;

import org.hipparchus.special.Beta;

/**
 * A share of a whole whose distribution is Beta(a, b), as the unit interval sees it: a coordinate
 * is the probability that the share is larger. So it keeps all its digits where the share is near
 * 1, and only there the last digits matter.
 */
record BetaShare(double a, double b) {
  /**
   * Where the share has no formula, coordinates are multiples of this, far coarser than the beta
   * function errs. So a coordinate is found again from its share, even where shares hardly change.
   */
  private static final double STEP = 0x1p-30;

  /** Halves the unit interval down to a double's precision beside 1. */
  private static final int HALVINGS = 54;

  /**
   * What a share leaves of the whole.
   *
   * @param u in [0, 1]
   */
  double rest(double u) {
    if (a == 1) {
      return Math.pow(u, 1 / b);
    }
    double wanted = Math.rint(u / STEP) * STEP;
    double low = 0;
    double high = 1;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = (low + high) / 2;
      if (coordinate(middle) < wanted) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return wanted <= 0 ? 0 : high;
  }

  /**
   * The coordinate of a share.
   *
   * @param rest what it leaves of the whole, in [0, 1]
   */
  double coordinate(double rest) {
    // The rest of a share of Beta(a, b) has the distribution Beta(b, a).
    return a == 1 ? Math.pow(rest, b) : Beta.regularizedBeta(rest, b, a);
  }
}
