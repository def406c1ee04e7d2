package dev.rung.space;

import dev.rung.space.Dimension.Kind;
import dev.rung.space.Value.BoolValue;
import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.IntValue;
import java.util.List;

/**
 * Something that a study searches. Each maps a unit cube, most often the unit interval, onto its
 * values so that equal volumes are equally likely; {@link #encode} gives the point that {@link
 * #decode} maps back to the same value. Where a scale is continuous this holds of values of at most
 * 12 digits; {@code decode} gives no others but the bounds.
 */
public sealed interface Parameter
    permits ScalarParameter, Parameter.ConstantParameter, SimplexParameter, ScheduleParameter {

  /** The name as in the study file; the names of the groups around it stand before it. */
  String name();

  /** What a model sees of it; empty where it has one value only. */
  List<Dimension> dimensions();

  /**
   * The value at a point of its unit cube.
   *
   * @param point a coordinate in [0, 1] for each dimension
   */
  Value decode(double[] point);

  /**
   * A point of its unit cube that stands for a value.
   *
   * @throws IllegalArgumentException the value does not belong to this parameter
   */
  double[] encode(Value value);

  /**
   * The value that somebody wrote, in the form that {@link #decode} gives it.
   *
   * @throws IllegalArgumentException the value does not belong to this parameter
   */
  default Value read(Value written) {
    double[] unused = encode(written);
    return written;
  }

  /**
   * A real number in [min, max].
   *
   * @param log whether equal ratios are equally likely; min is positive then
   * @param step distance of neighbouring values from min on; 0: every number
   */
  record FloatParameter(String name, double min, double max, boolean log, double step)
      implements ScalarParameter {
    @Override
    public Dimension dimension() {
      return new Dimension(name, Kind.ORDERED, step > 0 ? (int) count() : 0);
    }

    @Override
    public Value decode(double u) {
      if (step > 0) {
        return new DoubleValue(Grid.value(min, step, Grid.index(u, count())));
      }
      if (u <= 0 || min == max) {
        return new DoubleValue(min);
      }
      if (u >= 1) {
        return new DoubleValue(max);
      }
      double value =
          log
              ? Decimals.significant(Math.exp(Math.log(min) + u * (Math.log(max) - Math.log(min))))
              : Decimals.within(max - min, min + u * (max - min));
      return new DoubleValue(Math.clamp(value, min, max));
    }

    @Override
    public Value read(Value written) {
      double unused = coordinate(written);
      return written instanceof IntValue(long whole) ? new DoubleValue(whole) : written;
    }

    @Override
    public double coordinate(Value value) {
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
      implements ScalarParameter {
    /** Up to here the exponential function errs by far less than 1. */
    private static final double EXACT = 1e12;

    @Override
    public Dimension dimension() {
      return new Dimension(
          name, Kind.ORDERED, log ? 0 : (int) Math.min(count(), Integer.MAX_VALUE));
    }

    @Override
    public Value decode(double u) {
      if (log && u >= 1) {
        return new IntValue(max);
      }
      if (log) {
        // Half a unit on both sides gives the bounds the same share as their neighbours.
        double low = Math.log(min - 0.5);
        double high = Math.log(max + 0.5);
        double value = Math.rint(Math.exp(low + u * (high - low)));
        long whole = (long) (value < EXACT ? value : Decimals.significant(value));
        return new IntValue(Math.clamp(whole, min, max));
      }
      return new IntValue(min + step * Grid.index(u, count()));
    }

    @Override
    public double coordinate(Value value) {
      if (!(value instanceof IntValue(long x)) || x < min || x > max || (x - min) % step != 0) {
        throw foreign(this, value);
      }
      if (log && x == max && x >= EXACT) {
        return 1;
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
  record CategoricalParameter(String name, List<Value> values) implements ScalarParameter {
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
    public double coordinate(Value value) {
      return position(this, values, value);
    }
  }

  /**
   * One of several values with an order: neighbours are more alike than others.
   *
   * @param values distinct, at least one, in their order
   */
  record OrdinalParameter(String name, List<Value> values) implements ScalarParameter {
    /** Copies the values. */
    public OrdinalParameter {
      values = List.copyOf(values);
    }

    @Override
    public Dimension dimension() {
      return new Dimension(name, Kind.ORDERED, values.size());
    }

    @Override
    public Value decode(double u) {
      return values.get((int) Grid.index(u, values.size()));
    }

    @Override
    public double coordinate(Value value) {
      return position(this, values, value);
    }
  }

  /** True or false. */
  record BooleanParameter(String name) implements ScalarParameter {
    @Override
    public Dimension dimension() {
      return new Dimension(name, Kind.UNORDERED, 2);
    }

    @Override
    public Value decode(double u) {
      return new BoolValue(u >= 0.5);
    }

    @Override
    public double coordinate(Value value) {
      if (!(value instanceof BoolValue(boolean b))) {
        throw foreign(this, value);
      }
      return b ? 0.75 : 0.25;
    }
  }

  /** One value, which is searched no further. */
  record ConstantParameter(String name, Value value) implements Parameter {
    @Override
    public List<Dimension> dimensions() {
      return List.of();
    }

    @Override
    public Value decode(double[] point) {
      return value;
    }

    @Override
    public double[] encode(Value other) {
      if (!other.equals(value)) {
        throw foreign(this, other);
      }
      return new double[0];
    }
  }

  /** The middle of the part that stands for one of several values. */
  private static double position(Parameter parameter, List<Value> values, Value value) {
    int index = values.indexOf(value);
    if (index < 0) {
      throw foreign(parameter, value);
    }
    return Grid.centre(index, values.size());
  }

  /** The error of a value that is not one of the parameter's. */
  static IllegalArgumentException foreign(Parameter parameter, Value value) {
    return new IllegalArgumentException(
        "expected a value of " + parameter + ", but came " + value.text());
  }
}
