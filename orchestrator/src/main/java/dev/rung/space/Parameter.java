package dev.rung.space;

import dev.rung.space.Dimension.Kind;
import dev.rung.space.Value.BoolValue;
import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.IntValue;
import java.util.List;

/**
 * One dimension of a search space. Each maps the unit interval onto its values so that equal
 * lengths are equally likely; {@link #encode} gives a point that {@link #decode} maps back to the
 * same value.
 */
public sealed interface Parameter {

  /** The name as in the study file. */
  String name();

  /** What a model sees of it. */
  Dimension dimension();

  /**
   * The value at a point of the unit interval.
   *
   * @param u in [0, 1]
   */
  Value decode(double u);

  /**
   * A point of the unit interval that stands for a value.
   *
   * @throws IllegalArgumentException the value does not belong to this parameter
   */
  double encode(Value value);

  /**
   * A real number in [min, max].
   *
   * @param log whether equal ratios are equally likely; min is positive then
   * @param step distance of neighbouring values from min on; 0: every number
   */
  record FloatParameter(String name, double min, double max, boolean log, double step)
      implements Parameter {
    @Override
    public Dimension dimension() {
      return new Dimension(name, Kind.ORDERED, step > 0 ? (int) count() : 0);
    }

    @Override
    public Value decode(double u) {
      if (step > 0) {
        return new DoubleValue(Grid.value(min, step, Grid.index(u, count())));
      }
      if (u <= 0) {
        return new DoubleValue(min);
      }
      if (u >= 1) {
        return new DoubleValue(max);
      }
      double value =
          log
              ? Math.exp(Math.log(min) + u * (Math.log(max) - Math.log(min)))
              : min + u * (max - min);
      return new DoubleValue(Math.clamp(value, min, max));
    }

    @Override
    public double encode(Value value) {
      double x =
          switch (value) {
            case DoubleValue d -> d.value();
            case IntValue i -> (double) i.value();
            case Value v -> throw foreign(this, v);
          };
      if (!(x >= min && x <= max)) {
        throw foreign(this, value);
      }
      if (step > 0) {
        long index = Math.round((x - min) / step);
        if (Grid.value(min, step, index) != x) {
          throw foreign(this, value);
        }
        return Grid.centre(index, count());
      }
      if (max == min) {
        return 0.5;
      }
      return log
          ? (Math.log(x) - Math.log(min)) / (Math.log(max) - Math.log(min))
          : (x - min) / (max - min);
    }

    private long count() {
      return Grid.count(min, max, step);
    }
  }

  /**
   * A whole number in [min, max].
   *
   * @param log whether equal ratios are equally likely; min is positive then
   * @param step distance of neighbouring values from min on, at least 1
   */
  record IntParameter(String name, long min, long max, boolean log, long step)
      implements Parameter {
    @Override
    public Dimension dimension() {
      return new Dimension(
          name, Kind.ORDERED, log ? 0 : (int) Math.min(count(), Integer.MAX_VALUE));
    }

    @Override
    public Value decode(double u) {
      if (log) {
        // Half a unit on both sides gives the bounds the same share as their neighbours.
        double low = Math.log(min - 0.5);
        double high = Math.log(max + 0.5);
        return new IntValue(Math.clamp(Math.round(Math.exp(low + u * (high - low))), min, max));
      }
      return new IntValue(min + step * Grid.index(u, count()));
    }

    @Override
    public double encode(Value value) {
      if (!(value instanceof IntValue(long x)) || x < min || x > max || (x - min) % step != 0) {
        throw foreign(this, value);
      }
      if (log) {
        double low = Math.log(min - 0.5);
        double high = Math.log(max + 0.5);
        return (Math.log((double) x) - low) / (high - low);
      }
      return Grid.centre((x - min) / step, count());
    }

    private long count() {
      return (max - min) / step + 1;
    }
  }

  /**
   * One of several values without an order.
   *
   * @param values distinct, at least one
   */
  record CategoricalParameter(String name, List<Value> values) implements Parameter {
    /** Copies the values. */
    public CategoricalParameter {
      values = List.copyOf(values);
    }

    @Override
    public Dimension dimension() {
      return new Dimension(name, Kind.UNORDERED, values.size());
    }

    @Override
    public Value decode(double u) {
      return values.get((int) Grid.index(u, values.size()));
    }

    @Override
    public double encode(Value value) {
      int index = values.indexOf(value);
      if (index < 0) {
        throw foreign(this, value);
      }
      return Grid.centre(index, values.size());
    }
  }

  /** True or false. */
  record BooleanParameter(String name) implements Parameter {
    @Override
    public Dimension dimension() {
      return new Dimension(name, Kind.UNORDERED, 2);
    }

    @Override
    public Value decode(double u) {
      return new BoolValue(u >= 0.5);
    }

    @Override
    public double encode(Value value) {
      if (!(value instanceof BoolValue(boolean b))) {
        throw foreign(this, value);
      }
      return b ? 0.75 : 0.25;
    }
  }

  /** The error of a value that is not one of the parameter's. */
  private static IllegalArgumentException foreign(Parameter parameter, Value value) {
    return new IllegalArgumentException(
        "expected a value of " + parameter + ", but came " + value.text());
  }
}
