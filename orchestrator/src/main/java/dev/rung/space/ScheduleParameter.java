package dev.rung.space;

import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.IntValue;
import dev.rung.space.Value.ScheduleValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A hyper-parameter that is a function of training time: a form whose coefficients are searched or
 * fixed. Its coordinates are those of its coefficients.
 *
 * @param form the shape
 * @param coefficients ranges or constants of numbers, each by the name that it has in the form
 */
public record ScheduleParameter(String name, ScheduleForm form, List<Parameter> coefficients)
    implements Parameter {

  /** Copies the coefficients. */
  public ScheduleParameter {
    coefficients = List.copyOf(coefficients);
  }

  @Override
  public List<Dimension> dimensions() {
    List<Dimension> dimensions = new ArrayList<>();
    for (Parameter coefficient : coefficients) {
      for (Dimension d : coefficient.dimensions()) {
        dimensions.add(new Dimension(name + "." + d.name(), d.kind(), d.values()));
      }
    }
    return dimensions;
  }

  @Override
  public Value decode(double[] point) {
    Map<String, Double> numbers = new HashMap<>();
    int next = 0;
    for (Parameter coefficient : coefficients) {
      int size = coefficient.dimensions().size();
      double[] own = new double[size];
      System.arraycopy(point, next, own, 0, size);
      numbers.put(coefficient.name(), number(coefficient.decode(own)));
      next += size;
    }
    return new ScheduleValue(form.written(), numbers);
  }

  @Override
  public double[] encode(Value value) {
    if (!(value instanceof ScheduleValue(String written, Map<String, Double> numbers))
        || !written.equals(form.written())
        || numbers.size() != coefficients.size()) {
      throw Parameter.foreign(this, value);
    }
    double[] point = new double[dimensions().size()];
    int next = 0;
    for (Parameter coefficient : coefficients) {
      Double number = numbers.get(coefficient.name());
      if (number == null) {
        throw Parameter.foreign(this, value);
      }
      for (double u : coefficient.encode(value(coefficient, number))) {
        point[next++] = u;
      }
    }
    return point;
  }

  /** A coefficient's number as the value that it is there. */
  private static Value value(Parameter coefficient, double number) {
    boolean isWhole =
        switch (coefficient) {
          case IntParameter p -> true;
          case ConstantParameter p -> p.value() instanceof IntValue;
          case Parameter p -> false;
        };
    return isWhole && number == Math.rint(number)
        ? new IntValue((long) number)
        : new DoubleValue(number);
  }

  private static double number(Value value) {
    return value
        .number()
        .orElseThrow(() ->
            new IllegalArgumentException(
                "expected coefficients that are numbers, but came " + value.text()));
  }
}
