package dev.rung.space;

import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.IntValue;
import java.util.Map;

/**
 * Changes an assignment a little, as population based training explores (Jaderberg et al., 2017,
 * section 4.2): a number is multiplied by 1.2 or 0.8, one of several values gives way to its
 * neighbour, a share or a coefficient moves by a tenth of its range, and now and then a parameter
 * is drawn anew.
 */
public final class Perturbation {
  /** Chance that a parameter is drawn anew, as in Ray Tune. */
  static final double RESAMPLE = 0.25;

  private static final double UP = 1.2;
  private static final double DOWN = 0.8;
  private static final double SHIFT = 0.1;

  /** Most tries to find a changed copy that is allowed. */
  private static final int TRIES = 100;

  private Perturbation() {}

  /** A changed copy that the space allows; the same assignment where none is found. */
  public static Assignment of(SearchSpace space, Assignment assignment, KeyedRandom random) {
    Map<String, Value> active = space.active(assignment);
    for (int i = 0; i < TRIES; i++) {
      Assignment changed = space.decode(point(space, active, random));
      if (space.isAllowed(changed)) {
        return changed;
      }
    }
    return assignment;
  }

  private static double[] point(SearchSpace space, Map<String, Value> active, KeyedRandom random) {
    double[] point = new double[space.dimensions().size()];
    int at = 0;
    for (Parameter parameter : space.parameters()) {
      boolean anew = random.nextDouble() < RESAMPLE;
      Value value = active.get(parameter.name());
      int size = parameter.dimensions().size();
      double[] own = new double[size];
      for (int i = 0; i < size; i++) {
        own[i] = random.nextDouble();
      }
      boolean[] up = new boolean[size];
      for (int i = 0; i < size; i++) {
        up[i] = random.nextDouble() < 0.5;
      }
      double[] next = anew || value == null ? own : nudge(parameter, value, up);
      System.arraycopy(next, 0, point, at, size);
      at += size;
    }
    return point;
  }

  /** The point of a value that has gone one step up or down in each of its coordinates. */
  static double[] nudge(Parameter parameter, Value value, boolean[] up) {
    return switch (parameter) {
      case FloatParameter p when value instanceof DoubleValue(double x) && x != 0 ->
          new double[] {nearest(p, x * (up[0] ? UP : DOWN))};
      case IntParameter p when value instanceof IntValue(long x) && x != 0 ->
          new double[] {nearest(p, x * (up[0] ? UP : DOWN), x)};
      case Parameter other -> shift(other, value, up);
    };
  }

  private static double nearest(FloatParameter p, double x) {
    double bounded = Math.clamp(x, p.min(), p.max());
    if (p.step() == 0) {
      return p.coordinate(new DoubleValue(bounded));
    }
    long count = Grid.count(p.min(), p.max(), p.step());
    return Grid.centre(
        Math.clamp(Math.round((bounded - p.min()) / p.step()), 0L, count - 1), count);
  }

  /** Whole numbers move away from where they were, so that a small one is not stuck. */
  private static double nearest(IntParameter p, double x, long from) {
    double steps = (x - p.min()) / p.step();
    long index = x > from ? (long) Math.ceil(steps) : (long) Math.floor(steps);
    long value = Math.clamp(p.min() + index * p.step(), p.min(), p.max());
    return p.coordinate(new IntValue(value - (value - p.min()) % p.step()));
  }

  private static double[] shift(Parameter parameter, Value value, boolean[] up) {
    double[] point = parameter.encode(value);
    for (int i = 0; i < point.length; i++) {
      int parts = parameter.dimensions().get(i).values();
      double by = parts == 0 ? SHIFT : 1.0 / parts;
      double moved = point[i] + (up[i] ? by : -by);
      // A value at the end stays: half a part inside its bounds is its middle.
      double margin = parts == 0 ? 0 : 0.5 / parts;
      point[i] = Math.clamp(moved, margin, 1 - margin);
    }
    return point;
  }
}
