package dev.rung.space;

import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * A typed hyper-parameter value. The kind that a study file declares is kept all the way to the
 * trainer.
 */
public sealed interface Value {

  /** The value as a person reads it. */
  String text();

  /** The number that it is, whole or real; empty: it is none. */
  default OptionalDouble number() {
    return switch (this) {
      case IntValue(long x) -> OptionalDouble.of((double) x);
      case DoubleValue(double x) -> OptionalDouble.of(x);
      case StringValue other -> OptionalDouble.empty();
      case BoolValue other -> OptionalDouble.empty();
      case ListValue other -> OptionalDouble.empty();
      case WeightsValue other -> OptionalDouble.empty();
      case InactiveValue other -> OptionalDouble.empty();
      case ScheduleValue other -> OptionalDouble.empty();
    };
  }

  /** A whole number. */
  record IntValue(long value) implements Value {
    @Override
    public String text() {
      return Long.toString(value);
    }
  }

  /** A finite real number. */
  record DoubleValue(double value) implements Value {
    /** Refuses NaN and infinity. */
    public DoubleValue {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("expected a finite number, but came " + value);
      }
    }

    @Override
    public String text() {
      return Double.toString(value);
    }
  }

  /** Text. */
  record StringValue(String value) implements Value {
    @Override
    public String text() {
      return value;
    }
  }

  /** A boolean. */
  record BoolValue(boolean value) implements Value {
    @Override
    public String text() {
      return Boolean.toString(value);
    }
  }

  /** Several values in order. */
  record ListValue(List<Value> values) implements Value {
    /** Copies the values. */
    public ListValue {
      values = List.copyOf(values);
    }

    @Override
    public String text() {
      return values.stream().map(Value::text).collect(Collectors.joining(", ", "[", "]"));
    }
  }

  /**
   * Weights that sum to 1.
   *
   * @param names of the weights; empty where they have none
   * @param weights from 0 to 1, in their order, as many as names where there are any
   */
  record WeightsValue(List<String> names, List<Double> weights) implements Value {
    /** Copies the names and the weights. */
    public WeightsValue {
      names = List.copyOf(names);
      weights = List.copyOf(weights);
    }

    @Override
    public String text() {
      return IntStream.range(0, weights.size())
          .mapToObj(i -> (names.isEmpty() ? "" : names.get(i) + "=") + weights.get(i))
          .collect(Collectors.joining(", ", "[", "]"));
    }
  }

  /** In place of a value where the parameter's condition does not hold. No trainer sees it. */
  record InactiveValue() implements Value {
    @Override
    public String text() {
      return "inactive";
    }
  }

  /** A function of the step, by its form and coefficients. */
  record ScheduleValue(String form, Map<String, Double> coefficients) implements Value {
    /** Copies the coefficients. */
    public ScheduleValue {
      coefficients = Map.copyOf(coefficients);
    }

    @Override
    public String text() {
      return form
          + coefficients.entrySet().stream()
              .sorted(Map.Entry.comparingByKey())
              .map(e -> e.getKey() + "=" + e.getValue())
              .collect(Collectors.joining(", ", "(", ")"));
    }
  }
}
