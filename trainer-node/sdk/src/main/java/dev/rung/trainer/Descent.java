package dev.rung.trainer;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * A training that is small but real: weights that go down a noisy bowl by stochastic gradient
 * descent, with the assignment's {@code learning_rate}, a number or a schedule.
 *
 * <pre>
 *   w  &lt;-  w - rate * (c w + normal)        5 times a step, from w = 100, c from 0.5 to 1
 *   loss  =  mean of c w^2 / 2
 * </pre>
 *
 * <p>A large rate is fast and then keeps the weights shaking, a small one is slow: what is best
 * falls with time, and no constant comes near to a rate that falls. The weights are the checkpoint.
 */
final class Descent implements Course {
  private static final int WEIGHTS = 16;
  private static final int UPDATES = 5;
  private static final double START = 100;
  private static final double FLATTEST = 0.5;

  private final Schedule rate;
  private final long seed;
  private final double[] weights = new double[WEIGHTS];

  Descent(TrialContext trial) {
    rate = trial.schedule("learning_rate");
    seed = trial.seed();
    Arrays.fill(weights, START);
  }

  @Override
  public double loss(long step) {
    // A stream a step: a resumed trial draws what it would have drawn.
    SplittableRandom random = new SplittableRandom(seed ^ (step * 0x9E3779B97F4A7C15L));
    double now = rate.at(step - 1.0);
    for (int update = 0; update < UPDATES; update++) {
      for (int i = 0; i < WEIGHTS; i++) {
        weights[i] -= now * (curvature(i) * weights[i] + random.nextGaussian());
      }
    }
    double sum = 0;
    for (int i = 0; i < WEIGHTS; i++) {
      sum += curvature(i) * weights[i] * weights[i] / 2;
    }
    return sum / WEIGHTS;
  }

  private static double curvature(int weight) {
    return Math.pow(FLATTEST, 1 - (double) weight / (WEIGHTS - 1));
  }

  @Override
  public void save(DataOutputStream out) throws IOException {
    for (double weight : weights) {
      out.writeDouble(weight);
    }
  }

  @Override
  public void restore(DataInputStream in) throws IOException {
    for (int i = 0; i < WEIGHTS; i++) {
      weights[i] = in.readDouble();
    }
  }
}
