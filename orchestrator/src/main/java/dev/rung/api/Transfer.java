package dev.rung.api;

import dev.rung.space.Assignment;
import dev.rung.space.KeyedRandom;
import dev.rung.space.Parameter;
import dev.rung.space.Parameter.BooleanParameter;
import dev.rung.space.Parameter.CategoricalParameter;
import dev.rung.space.Parameter.ConstantParameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.space.Parameter.OrdinalParameter;
import dev.rung.space.ScheduleParameter;
import dev.rung.space.SearchSpace;
import dev.rung.space.SimplexParameter;
import dev.rung.space.Value;
import dev.rung.study.ErrorCode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Takes assignments of one space over into another: what both have keeps its value.
 *
 * @param seed of what has no value
 */
record Transfer(SearchSpace space, long seed) {

  /** Refuses assignments of a space that shares nothing with this one. */
  static void checkShared(SearchSpace space, String study, List<Map<String, Value>> assignments) {
    boolean shares =
        space.parameters().stream()
            .filter(parameter -> !(parameter instanceof ConstantParameter))
            .anyMatch(parameter ->
                assignments.stream().anyMatch(values -> value(parameter, values).isPresent()));
    if (!shares) {
      throw new ApiException(
          ErrorCode.CONFLICT,
          "warm_start: expected a study that shares a parameter with this one, but %s has none of %s"
              .formatted(study, space.parameters().stream().map(Parameter::name).toList()));
    }
  }

  /**
   * The space narrowed to the bounding box of assignments (Perrone et al., Learning search spaces
   * for Bayesian optimization, NeurIPS 2019, section 3.1): numbers to the smallest range that holds
   * them, choices to those that occur. What fewer than two values would be left of stays as it is.
   *
   * @param notes takes what was narrowed
   */
  static SearchSpace narrowed(
      SearchSpace space, List<Map<String, Value>> assignments, List<String> notes) {
    List<Parameter> parameters = new ArrayList<>();
    List<String> ranges = new ArrayList<>();
    for (Parameter parameter : space.parameters()) {
      List<Value> values =
          assignments.stream()
              .flatMap(assignment -> value(parameter, assignment).stream())
              .distinct()
              .toList();
      Parameter narrow = values.size() < 2 ? parameter : narrowed(parameter, values);
      if (!narrow.equals(parameter)) {
        ranges.add(range(narrow));
      }
      parameters.add(narrow);
    }
    if (!ranges.isEmpty()) {
      notes.add("warm_start: narrowed to " + String.join(", ", ranges));
    }
    return new SearchSpace(parameters, space.conditions(), space.forbidden());
  }

  private static Parameter narrowed(Parameter parameter, List<Value> values) {
    return switch (parameter) {
      case FloatParameter p -> {
        double min = values.stream().mapToDouble(Transfer::number).min().orElse(p.min());
        double max = values.stream().mapToDouble(Transfer::number).max().orElse(p.max());
        yield new FloatParameter(p.name(), min, max, p.log(), p.step());
      }
      case IntParameter p -> {
        long min = values.stream().mapToLong(Transfer::whole).min().orElse(p.min());
        long max = values.stream().mapToLong(Transfer::whole).max().orElse(p.max());
        yield new IntParameter(p.name(), min, max, p.log(), p.step());
      }
      case CategoricalParameter p ->
          new CategoricalParameter(p.name(), p.values().stream().filter(values::contains).toList());
      case OrdinalParameter p ->
          new OrdinalParameter(p.name(), p.values().stream().filter(values::contains).toList());
      case BooleanParameter p -> p;
      case ConstantParameter p -> p;
      case SimplexParameter p -> p;
      case ScheduleParameter p -> p;
    };
  }

  private static String range(Parameter parameter) {
    return switch (parameter) {
      case FloatParameter p -> "%s %s..%s".formatted(p.name(), p.min(), p.max());
      case IntParameter p -> "%s %d..%d".formatted(p.name(), p.min(), p.max());
      case CategoricalParameter p -> p.name() + " " + texts(p.values());
      case OrdinalParameter p -> p.name() + " " + texts(p.values());
      case BooleanParameter p -> p.name();
      case ConstantParameter p -> p.name();
      case SimplexParameter p -> p.name();
      case ScheduleParameter p -> p.name();
    };
  }

  private static List<String> texts(List<Value> values) {
    return values.stream().map(Value::text).toList();
  }

  /**
   * An assignment with the values that the space has too; the others are drawn by chance.
   *
   * @param number of the assignment, so that each is drawn otherwise
   * @param missing takes the names of parameters without a value
   * @return empty: the space forbids it
   */
  Optional<Assignment> assignment(Map<String, Value> values, int number, Set<String> missing) {
    KeyedRandom random = KeyedRandom.stream(seed, "warm start", number);
    double[] point = new double[space.dimensions().size()];
    Arrays.setAll(point, i -> random.nextDouble());
    int start = 0;
    List<String> drawn = new ArrayList<>();
    for (Parameter parameter : space.parameters()) {
      int size = parameter.dimensions().size();
      Optional<Value> value = value(parameter, values);
      if (value.isPresent()) {
        System.arraycopy(parameter.encode(value.get()), 0, point, start, size);
      } else if (size > 0) {
        drawn.add(parameter.name());
      }
      start += size;
    }
    Assignment assignment = space.decode(point);
    drawn.retainAll(space.active(assignment).keySet());
    missing.addAll(drawn);
    return space.isAllowed(assignment) ? Optional.of(assignment) : Optional.empty();
  }

  /** The value that an assignment has of a parameter, if the parameter can have it. */
  private static Optional<Value> value(Parameter parameter, Map<String, Value> values) {
    Value value = values.get(parameter.name());
    try {
      return value == null ? Optional.empty() : Optional.of(parameter.read(value));
    } catch (IllegalArgumentException foreign) {
      return Optional.empty();
    }
  }

  private static double number(Value value) {
    if (value instanceof Value.DoubleValue(double number)) {
      return number;
    }
    throw new IllegalArgumentException("expected a number, but came " + value.text());
  }

  private static long whole(Value value) {
    if (value instanceof Value.IntValue(long whole)) {
      return whole;
    }
    throw new IllegalArgumentException("expected a whole number, but came " + value.text());
  }
}
