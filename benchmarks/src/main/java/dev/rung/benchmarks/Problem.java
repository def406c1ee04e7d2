package dev.rung.benchmarks;

import dev.rung.simulate.Functions;
import dev.rung.space.Assignment;
import dev.rung.space.Condition;
import dev.rung.space.Expression;
import dev.rung.space.Parameter;
import dev.rung.space.Parameter.CategoricalParameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.SearchSpace;
import dev.rung.space.Value;
import dev.rung.space.Value.StringValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * A function whose minimum is known.
 *
 * @param optimum its lowest value
 */
record Problem(String name, SearchSpace space, ToDoubleFunction<Assignment> loss, double optimum) {

  static List<Problem> all() {
    return List.of(branin(), hartmann(), conditional());
  }

  /** Branin (1972), two dimensions, three minima of 5 / (4 pi). */
  static Problem branin() {
    SearchSpace space =
        new SearchSpace(
            List.of(
                new FloatParameter("x", -5, 10, false, 0),
                new FloatParameter("y", 0, 15, false, 0)));
    return new Problem(
        "Branin",
        space,
        assignment -> Functions.branin(number(assignment, 0), number(assignment, 1)),
        5 / (4 * Math.PI));
  }

  /** Hartmann (1973), six dimensions, one lowest minimum of -3.32237. */
  static Problem hartmann() {
    List<Parameter> parameters = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      parameters.add(new FloatParameter("x" + i, 0, 1, false, 0));
    }
    return new Problem("Hartmann-6", new SearchSpace(parameters), Problem::hartmann, -3.32237);
  }

  private static double hartmann(Assignment assignment) {
    return Functions.hartmann(
        IntStream.range(0, 6).mapToDouble(i -> number(assignment, i)).toArray());
  }

  /**
   * Two optimizers with parameters of their own, of which one has the lower minimum, 0: a rate of
   * 1e-3 and a decay of 0.9, with half of the units.
   */
  static Problem conditional() {
    SearchSpace space =
        new SearchSpace(
            List.of(
                new CategoricalParameter(
                    "optimizer", List.of(new StringValue("sgd"), new StringValue("adam"))),
                new FloatParameter("sgd_rate", 1e-4, 1, true, 0),
                new FloatParameter("momentum", 0, 1, false, 0),
                new FloatParameter("adam_rate", 1e-5, 1e-1, true, 0),
                new FloatParameter("decay", 0, 1, false, 0),
                new FloatParameter("units", 0, 1, false, 0)),
            List.of(
                new Condition("sgd_rate", new OptimizerIs("sgd")),
                new Condition("momentum", new OptimizerIs("sgd")),
                new Condition("adam_rate", new OptimizerIs("adam")),
                new Condition("decay", new OptimizerIs("adam"))),
            List.of());
    return new Problem("Conditional", space, Problem::conditional, 0);
  }

  private static double conditional(Assignment assignment) {
    boolean adam = assignment.values().get(0).equals(new StringValue("adam"));
    double rate = Math.log10(number(assignment, adam ? 3 : 1)) + (adam ? 3 : 1);
    double other = number(assignment, adam ? 4 : 2) - (adam ? 0.9 : 0.5);
    double units = number(assignment, 5) - 0.5;
    return (adam ? 0 : 0.2) + rate * rate + 4 * other * other + 4 * units * units;
  }

  private record OptimizerIs(String value) implements Expression {
    @Override
    public String source() {
      return "optimizer == '" + value + "'";
    }

    @Override
    public Set<String> names() {
      return Set.of("optimizer");
    }

    @Override
    public boolean holds(Map<String, Value> values) {
      return new StringValue(value).equals(values.get("optimizer"));
    }

    @Override
    public OptionalDouble number(Map<String, Value> values) {
      return OptionalDouble.empty();
    }
  }

  static double number(Assignment assignment, int index) {
    Value value = assignment.values().get(index);
    return value
        .number()
        .orElseThrow(
            () -> new IllegalArgumentException("expected a number, but came " + value.text()));
  }
}
