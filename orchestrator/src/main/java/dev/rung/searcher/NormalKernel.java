package dev.rung.searcher;

import dev.rung.space.KeyedRandom;
import org.hipparchus.special.Erf;

/** A Gaussian that is cut off outside [0, 1], for a coordinate of which every point is a value. */
final class NormalKernel implements Kernel {
  private static final double LOG_SQRT_TWO_PI = 0.5 * Math.log(2 * Math.PI);

  private final double mean;
  private final double deviation;
  private final double below;
  private final double within;
  private final double logScale;

  /**
   * A kernel.
   *
   * @param mean in [0, 1]
   * @param deviation standard deviation of the Gaussian before it is cut off
   */
  NormalKernel(double mean, double deviation) {
    this.mean = mean;
    this.deviation = deviation;
    this.below = Normal.cumulative(-mean / deviation);
    this.within = Normal.cumulative((1 - mean) / deviation) - below;
    this.logScale = -LOG_SQRT_TWO_PI - Math.log(deviation * within);
  }

  @Override
  public double logDensity(double x) {
    double z = (x - mean) / deviation;
    return logScale - 0.5 * z * z;
  }

  @Override
  public double sample(KeyedRandom random) {
    double probability = below + random.nextDouble() * within;
    double z = Math.sqrt(2) * Erf.erfInv(2 * probability - 1);
    return Math.clamp(mean + deviation * z, 0.0, 1.0);
  }
}
