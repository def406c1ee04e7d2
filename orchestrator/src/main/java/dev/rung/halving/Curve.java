package dev.rung.halving;

import java.util.Arrays;

/** The losses of one trial by their steps, which rise. A step that was passed is not filled in. */
public final class Curve {
  private long[] steps = new long[4];
  private double[] losses = new double[4];
  private int size;

  /** A curve without points. */
  public Curve() {}

  /**
   * A curve of points.
   *
   * @param steps rising
   * @param losses for each
   */
  public Curve(long[] steps, double[] losses) {
    for (int i = 0; i < steps.length; i++) {
      add(steps[i], losses[i]);
    }
  }

  /** Adds a point, or changes the last if it has this step; an earlier step is ignored. */
  public void add(long step, double loss) {
    if (size > 0 && step < steps[size - 1]) {
      return;
    }
    if (size == 0 || step > steps[size - 1]) {
      if (size == steps.length) {
        steps = Arrays.copyOf(steps, size * 2);
        losses = Arrays.copyOf(losses, size * 2);
      }
      size++;
    }
    steps[size - 1] = step;
    losses[size - 1] = loss;
  }

  /** Number of points. */
  public int size() {
    return size;
  }

  /** Step of a point. */
  public long step(int point) {
    return steps[point];
  }

  /** Loss of a point. */
  public double loss(int point) {
    return losses[point];
  }

  /** The loss at a step; NaN: there is none. */
  public double at(long step) {
    int point = Arrays.binarySearch(steps, 0, size, step);
    return point < 0 ? Double.NaN : losses[point];
  }
}
