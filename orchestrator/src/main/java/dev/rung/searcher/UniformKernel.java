package dev.rung.searcher;

import dev.rung.space.KeyedRandom;

/** Density 1 everywhere. */
record UniformKernel() implements Kernel {

  @Override
  public double logDensity(double x) {
    return 0;
  }

  @Override
  public double sample(KeyedRandom random) {
    return random.nextDouble();
  }
}
