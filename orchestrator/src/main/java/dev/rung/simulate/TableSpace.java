package dev.rung.simulate;

import dev.rung.space.Assignment;
import dev.rung.space.Parameter;
import dev.rung.space.Parameter.CategoricalParameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.space.SearchSpace;
import dev.rung.space.Value;
import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.IntValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;

/**
 * The space of a table: of numbers the range that it has, on the scale on which they are spread
 * most evenly. Where that is log(1 - x), as for a momentum, the parameter is {@code
 * one_minus_momentum}. Anything else is a choice between the values that it has.
 */
final class TableSpace {
  private static final String COMPLEMENT = "one_minus_";

  private TableSpace() {}

  /** On what a parameter is spread. */
  private enum Scale {
    LINEAR,
    LOG,
    LOG_COMPLEMENT;

    double of(double x) {
      return switch (this) {
        case LINEAR -> x;
        case LOG -> Math.log(x);
        case LOG_COMPLEMENT -> Math.log(1 - x);
      };
    }
  }

  static SearchSpace of(CurveTable table) {
    List<Parameter> parameters = new ArrayList<>();
    for (String name : new TreeSet<>(table.rows().get(0).setting().keySet())) {
      parameters.add(parameter(name, table));
    }
    return new SearchSpace(parameters);
  }

  private static Parameter parameter(String name, CurveTable table) {
    List<Value> values = table.rows().stream().map(row -> row.setting().get(name)).toList();
    if (values.stream().anyMatch(v -> !(v instanceof IntValue || v instanceof DoubleValue))) {
      return new CategoricalParameter(name, values.stream().distinct().toList());
    }
    double[] sorted = values.stream().mapToDouble(TableSpace::number).sorted().toArray();
    double min = sorted[0];
    double max = sorted[sorted.length - 1];
    Scale scale = scale(sorted);
    if (min == max) {
      return new CategoricalParameter(name, values.stream().distinct().toList());
    }
    if (values.stream().allMatch(IntValue.class::isInstance)) {
      return new IntParameter(name, (long) min, (long) max, scale == Scale.LOG, 1);
    }
    return scale == Scale.LOG_COMPLEMENT
        ? new FloatParameter(COMPLEMENT + name, 1 - max, 1 - min, true, 0)
        : new FloatParameter(name, min, max, scale == Scale.LOG, 0);
  }

  /** The scale with the least Kolmogorov-Smirnov distance from even spread over the range. */
  private static Scale scale(double[] sorted) {
    Scale best = Scale.LINEAR;
    double least = Double.POSITIVE_INFINITY;
    for (Scale scale : Scale.values()) {
      double[] scaled = Arrays.stream(sorted).map(scale::of).sorted().toArray();
      double from = scaled[0];
      double width = scaled[scaled.length - 1] - from;
      double distance = 0;
      for (int i = 0; i < scaled.length; i++) {
        double u = (scaled[i] - from) / width;
        double lowest = u - (double) i / scaled.length;
        double highest = (i + 1.0) / scaled.length - u;
        distance = Math.max(distance, Math.max(lowest, highest));
      }
      if (Double.isFinite(width) && distance < least) {
        best = scale;
        least = distance;
      }
    }
    return best;
  }

  /** The place of a row in a space that names its hyper-parameters or their complements. */
  static Assignment assignment(SearchSpace space, CurveTable.Row row) {
    List<Value> values = new ArrayList<>();
    for (Parameter parameter : space.parameters()) {
      Value own = row.setting().get(parameter.name());
      if (own == null && parameter.name().startsWith(COMPLEMENT)) {
        Value of = row.setting().get(parameter.name().substring(COMPLEMENT.length()));
        own = of == null ? null : new DoubleValue(1 - number(of));
      }
      if (own == null) {
        throw new IllegalArgumentException(
            "space.%s: expected a hyper-parameter of the table, which has %s"
                .formatted(parameter.name(), new TreeSet<>(row.setting().keySet())));
      }
      boolean isReal = parameter instanceof FloatParameter && own instanceof IntValue;
      values.add(isReal ? new DoubleValue(number(own)) : own);
    }
    return new Assignment(values);
  }

  private static double number(Value value) {
    return value
        .number()
        .orElseThrow(
            () -> new IllegalArgumentException("expected a number, but came " + value.text()));
  }
}
