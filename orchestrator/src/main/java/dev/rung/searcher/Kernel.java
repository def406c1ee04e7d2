package dev.rung.searcher;

import dev.rung.space.KeyedRandom;

/** A probability density over one coordinate of the unit cube. */
interface Kernel {

  /** The logarithm of the density at a point of [0, 1]. */
  double logDensity(double x);

  /** A point of [0, 1] with this density; takes one number of the stream. */
  double sample(KeyedRandom random);
}
