package dev.rung.space;

import dev.rung.space.Value.InactiveValue;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a study searches: parameters, when each of them is active, and which assignments are
 * forbidden.
 */
public final class SearchSpace {
  private static final Value INACTIVE = new InactiveValue();

  private final List<Parameter> parameters;
  private final List<Condition> conditions;
  private final List<Expression> forbidden;

  private final List<Dimension> dimensions;

  /** Each parameter's first coordinate, and behind the last how many there are. */
  private final List<Integer> starts;

  /** What must hold for each parameter. */
  private final List<List<Expression>> conditionsOf;

  /** Parameters so that each comes after those that its conditions name. */
  private final List<Integer> order;

  /** A space whose parameters are always active, and all of whose assignments are allowed. */
  public SearchSpace(List<Parameter> parameters) {
    this(parameters, List.of(), List.of());
  }

  /**
   * A space.
   *
   * @param parameters in the order of the study file, with distinct names
   * @param conditions of parameters of the space
   * @param forbidden what must not hold
   * @throws IllegalArgumentException two parameters have one name, or a condition names what is no
   *     parameter or depends on itself
   */
  public SearchSpace(
      List<Parameter> parameters, List<Condition> conditions, List<Expression> forbidden) {
    this.parameters = List.copyOf(parameters);
    this.conditions = List.copyOf(conditions);
    this.forbidden = List.copyOf(forbidden);
    this.dimensions = parameters.stream().flatMap(p -> p.dimensions().stream()).toList();
    List<Integer> sums = new ArrayList<>(List.of(0));
    for (Parameter parameter : parameters) {
      sums.add(sums.getLast() + parameter.dimensions().size());
    }
    this.starts = List.copyOf(sums);
    Dependencies dependencies = Dependencies.of(parameters, conditions);
    this.conditionsOf = dependencies.conditions();
    this.order = dependencies.order();
  }

  /** The parameters, in the order of the study file. */
  public List<Parameter> parameters() {
    return parameters;
  }

  /** What must hold for parameters to be active. */
  public List<Condition> conditions() {
    return conditions;
  }

  /** What must not hold. */
  public List<Expression> forbidden() {
    return forbidden;
  }

  /** The coordinates of the unit cube, those of a parameter together, in the order of the space. */
  public List<Dimension> dimensions() {
    return dimensions;
  }

  /**
   * The assignment at a point of the unit cube. Coordinates of inactive parameters do not matter.
   * It may be forbidden: see {@link #isAllowed}.
   *
   * @param point a coordinate in [0, 1] for each dimension
   */
  public Assignment decode(double[] point) {
    @Nullable Value[] values = new Value[parameters.size()];
    Map<String, Value> active = new HashMap<>();
    for (int i : order) {
      Parameter parameter = parameters.get(i);
      if (isActive(i, active)) {
        Value value = parameter.decode(Arrays.copyOfRange(point, starts.get(i), starts.get(i + 1)));
        values[i] = value;
        active.put(parameter.name(), value);
      } else {
        values[i] = INACTIVE;
      }
    }
    return assignment(values);
  }

  /**
   * A point of the unit cube that {@link #decode} maps to the assignment. Coordinates of inactive
   * parameters are NaN.
   *
   * @throws IllegalArgumentException a value does not belong to its parameter, or a parameter that
   *     is to be active is not, or the other way round
   */
  public double[] encode(Assignment assignment) {
    checkSize(assignment);
    double[] point = new double[dimensions.size()];
    Arrays.fill(point, Double.NaN);
    Map<String, Value> active = active(assignment);
    for (int i = 0; i < parameters.size(); i++) {
      Parameter parameter = parameters.get(i);
      Value value = assignment.values().get(i);
      boolean hasValue = !value.equals(INACTIVE);
      if (hasValue != isActive(i, active)) {
        throw new IllegalArgumentException(
            hasValue
                ? "expected no value of %s, which is inactive, but came %s"
                    .formatted(parameter.name(), value.text())
                : "expected a value of %s, but it is inactive".formatted(parameter.name()));
      }
      if (hasValue) {
        double[] own = parameter.encode(value);
        System.arraycopy(own, 0, point, starts.get(i), own.length);
      }
    }
    return point;
  }

  /** The values of the active parameters by name, in the order of the space. */
  public Map<String, Value> active(Assignment assignment) {
    checkSize(assignment);
    Map<String, Value> active = new LinkedHashMap<>();
    for (int i = 0; i < parameters.size(); i++) {
      Value value = assignment.values().get(i);
      if (!value.equals(INACTIVE)) {
        active.put(parameters.get(i).name(), value);
      }
    }
    return active;
  }

  /** Whether each value belongs to its parameter, and the assignment is not forbidden. */
  public boolean contains(Assignment assignment) {
    try {
      double[] unused = encode(assignment);
      return isAllowed(assignment);
    } catch (IllegalArgumentException foreign) {
      return false;
    }
  }

  /** Whether an assignment is none of the forbidden ones. */
  public boolean isAllowed(Assignment assignment) {
    if (forbidden.isEmpty()) {
      return true;
    }
    Map<String, Value> active = active(assignment);
    return forbidden.stream().noneMatch(expression -> expression.holds(active));
  }

  /**
   * The assignment that somebody wrote as names and values. A constant need not be written.
   *
   * @throws IllegalArgumentException a name is unknown, a parameter that is active has no value or
   *     one that is not its own, an inactive one has a value, or the assignment is forbidden
   */
  public Assignment read(Map<String, Value> written) {
    refuseUnknown(written);
    @Nullable Value[] values = new Value[parameters.size()];
    Map<String, Value> active = new HashMap<>();
    for (int i : order) {
      Parameter parameter = parameters.get(i);
      Value given = written.get(parameter.name());
      if (!isActive(i, active)) {
        if (given != null) {
          throw new IllegalArgumentException(
              "expected no value of %s, since it is active only when %s, but came %s"
                  .formatted(parameter.name(), sources(conditionsOf.get(i)), given.text()));
        }
        values[i] = INACTIVE;
        continue;
      }
      Value value = read(parameter, given);
      values[i] = value;
      active.put(parameter.name(), value);
    }
    for (Expression expression : forbidden) {
      if (expression.holds(active)) {
        throw new IllegalArgumentException(
            "expected an assignment that is allowed, but it is forbidden by "
                + expression.source());
      }
    }
    return assignment(values);
  }

  private static Value read(Parameter parameter, @Nullable Value given) {
    if (given != null) {
      return parameter.read(given);
    }
    if (parameter instanceof Parameter.ConstantParameter(String name, Value value)) {
      return value;
    }
    throw new IllegalArgumentException(
        "expected a value of %s, but it is missing".formatted(parameter.name()));
  }

  private void refuseUnknown(Map<String, Value> written) {
    TreeSet<String> unknown = new TreeSet<>(written.keySet());
    List<String> names = parameters.stream().map(Parameter::name).toList();
    unknown.removeAll(names);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "expected parameters of %s, but came %s".formatted(names, unknown));
    }
  }

  private boolean isActive(int parameter, Map<String, Value> active) {
    return conditionsOf.get(parameter).stream().allMatch(condition -> condition.holds(active));
  }

  private void checkSize(Assignment assignment) {
    if (assignment.values().size() != parameters.size()) {
      throw new IllegalArgumentException(
          "expected %d values, but came %d"
              .formatted(parameters.size(), assignment.values().size()));
    }
  }

  private static Assignment assignment(@Nullable Value[] values) {
    List<Value> all = new ArrayList<>(values.length);
    for (@Nullable Value value : values) {
      all.add(Objects.requireNonNull(value));
    }
    return new Assignment(Collections.unmodifiableList(all));
  }

  private static String sources(List<Expression> expressions) {
    return expressions.stream().map(Expression::source).collect(Collectors.joining(" and "));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof SearchSpace that
        && parameters.equals(that.parameters)
        && conditions.equals(that.conditions)
        && forbidden.equals(that.forbidden);
  }

  @Override
  public int hashCode() {
    return Objects.hash(parameters, conditions, forbidden);
  }

  @Override
  public String toString() {
    return "SearchSpace[parameters=%s, conditions=%s, forbidden=%s]"
        .formatted(parameters, conditions, forbidden);
  }
}
