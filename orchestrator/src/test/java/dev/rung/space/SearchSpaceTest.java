package dev.rung.space;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.space.Parameter.BooleanParameter;
import dev.rung.space.Parameter.CategoricalParameter;
import dev.rung.space.Parameter.ConstantParameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.space.Value.BoolValue;
import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.InactiveValue;
import dev.rung.space.Value.IntValue;
import dev.rung.space.Value.ScheduleValue;
import dev.rung.space.Value.StringValue;
import dev.rung.space.Value.WeightsValue;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SearchSpaceTest {
  private static final Value INACTIVE = new InactiveValue();

  /** momentum comes before what it depends on, and nesterov depends on momentum in turn. */
  private static final SearchSpace OPTIMIZERS =
      new SearchSpace(
          List.of(
              new BooleanParameter("nesterov"),
              new FloatParameter("momentum", 0, 1, false, 0),
              new CategoricalParameter(
                  "optimizer", List.of(new StringValue("adam"), new StringValue("sgd"))),
              new SimplexParameter("losses", List.of("a", "b", "c"), List.of(1.0, 1.0, 1.0)),
              new ConstantParameter("seed", new IntValue(7))),
          List.of(
              new Condition("momentum", is("optimizer", new StringValue("sgd"))),
              new Condition("nesterov", isAbove("momentum", 0.5))),
          List.of(isAbove("momentum", 0.9)));

  @Test
  void shouldHaveTheCoordinatesOfAllParameters() {
    assertThat(OPTIMIZERS.dimensions())
        .extracting(Dimension::name)
        .containsExactly("nesterov", "momentum", "optimizer", "losses.a", "losses.b");
  }

  @Test
  void shouldLeaveOutWhatIsInactive() {
    Assignment adam = OPTIMIZERS.decode(new double[] {0.9, 0.75, 0.1, 0.25, 0.4});
    assertThat(adam.values().subList(0, 3))
        .containsExactly(INACTIVE, INACTIVE, new StringValue("adam"));
    Assignment slow = OPTIMIZERS.decode(new double[] {0.9, 0.25, 0.9, 0.25, 0.4});
    assertThat(slow.values().subList(0, 3))
        .containsExactly(INACTIVE, new DoubleValue(0.25), new StringValue("sgd"));
    Assignment fast = OPTIMIZERS.decode(new double[] {0.9, 0.75, 0.9, 0.25, 0.4});
    assertThat(fast.values())
        .containsExactly(
            new BoolValue(true),
            new DoubleValue(0.75),
            new StringValue("sgd"),
            new WeightsValue(List.of("a", "b", "c"), List.of(0.5, 0.3, 0.2)),
            new IntValue(7));
    assertThat(OPTIMIZERS.active(slow).keySet())
        .containsExactly("momentum", "optimizer", "losses", "seed");
  }

  @Test
  void shouldNotReadCoordinatesOfInactiveParameters() {
    double nan = Double.NaN;
    assertThat(OPTIMIZERS.decode(new double[] {nan, nan, 0.1, 0.25, 0.4}))
        .isEqualTo(OPTIMIZERS.decode(new double[] {0.9, 0.75, 0.1, 0.25, 0.4}));
  }

  @Test
  void shouldEncodeInactiveParametersAsNaN() {
    double[] point = OPTIMIZERS.encode(OPTIMIZERS.decode(new double[] {0.9, 0.3, 0.9, 0.25, 0.4}));
    assertThat(point[0]).isNaN();
    assertThat(point).hasSize(5);
    assertThat(new double[] {point[1], point[2]}).containsExactly(0.3, 0.75);
  }

  @Test
  void shouldComeBackToTheSameAssignment() {
    SearchSpace space =
        new SearchSpace(
            List.of(
                new IntParameter("layers", 1, 4, false, 1),
                new FloatParameter("lr", 1e-5, 1, true, 0),
                new SimplexParameter("mix", List.of(), List.of(2.0, 0.5, 3.0)),
                new ScheduleParameter(
                    "rate",
                    ScheduleForm.COSINE,
                    List.of(
                        new FloatParameter("initial", 1e-3, 1, true, 0),
                        new ConstantParameter("final", new DoubleValue(0)),
                        new ConstantParameter("total", new IntValue(27)),
                        new IntParameter("warmup", 0, 5, false, 1)))),
            List.of(
                new Condition("mix", isAbove("layers", 1)),
                new Condition("rate", isAbove("lr", 0.01))),
            List.of());
    KeyedRandom random = KeyedRandom.stream(3, "space", 0);
    for (int i = 0; i < 500; i++) {
      double[] point = random(random, space.dimensions().size());
      Assignment assignment = space.decode(point);
      assertThat(space.decode(space.encode(assignment))).isEqualTo(assignment);
      assertThat(space.read(space.active(assignment))).isEqualTo(assignment);
    }
  }

  @Test
  void shouldTellWhatIsForbidden() {
    assertThat(OPTIMIZERS.isAllowed(OPTIMIZERS.decode(new double[] {0, 0.95, 0.9, 0, 0})))
        .isFalse();
    assertThat(OPTIMIZERS.isAllowed(OPTIMIZERS.decode(new double[] {0, 0.85, 0.9, 0, 0}))).isTrue();
    // Without momentum a condition on it does not hold.
    assertThat(OPTIMIZERS.isAllowed(OPTIMIZERS.decode(new double[] {0, 0.95, 0.1, 0, 0}))).isTrue();
  }

  @Test
  void shouldRefuseAnAssignmentThatIsNotOfTheSpace() {
    Assignment adam = OPTIMIZERS.decode(new double[] {0.9, 0.75, 0.1, 0.25, 0.4});
    assertThatThrownBy(() -> OPTIMIZERS.encode(with(adam, 1, new DoubleValue(0.5))))
        .hasMessage("expected no value of momentum, which is inactive, but came 0.5");
    assertThatThrownBy(() -> OPTIMIZERS.encode(with(adam, 2, INACTIVE)))
        .hasMessage("expected a value of optimizer, but it is inactive");
    assertThatThrownBy(() -> OPTIMIZERS.encode(with(adam, 2, new StringValue("lion"))))
        .hasMessageContaining("name=optimizer")
        .hasMessageEndingWith("but came lion");
    assertThatThrownBy(() -> OPTIMIZERS.encode(new Assignment(adam.values().subList(0, 4))))
        .hasMessage("expected 5 values, but came 4");
    assertThatThrownBy(() -> OPTIMIZERS.isAllowed(new Assignment(adam.values().subList(0, 4))))
        .hasMessage("expected 5 values, but came 4");
  }

  @Test
  void shouldReadWhatAPersonWrote() {
    Value losses = new WeightsValue(List.of("a", "b", "c"), List.of(0.5, 0.3, 0.2));
    Map<String, Value> written = new LinkedHashMap<>();
    written.put("optimizer", new StringValue("sgd"));
    written.put("losses", losses);
    assertThatThrownBy(() -> OPTIMIZERS.read(written))
        .hasMessage("expected a value of momentum, but it is missing");
    written.put("momentum", new IntValue(1));
    written.put("nesterov", new BoolValue(true));
    assertThatThrownBy(() -> OPTIMIZERS.read(written))
        .hasMessage(
            "expected an assignment that is allowed, but it is forbidden by momentum > 0.9");
    written.put("momentum", new DoubleValue(0.25));
    assertThatThrownBy(() -> OPTIMIZERS.read(written))
        .hasMessage(
            "expected no value of nesterov, since it is active only when momentum > 0.5,"
                + " but came true");
    written.remove("nesterov");
    assertThat(OPTIMIZERS.read(written).values())
        .containsExactly(
            INACTIVE, new DoubleValue(0.25), new StringValue("sgd"), losses, new IntValue(7));
    written.put("seed", new IntValue(8));
    assertThatThrownBy(() -> OPTIMIZERS.read(written)).hasMessageContaining("name=seed");
    written.put("beta", new IntValue(8));
    assertThatThrownBy(() -> OPTIMIZERS.read(written))
        .hasMessage(
            "expected parameters of [nesterov, momentum, optimizer, losses, seed],"
                + " but came [beta]");
  }

  @Test
  void shouldReadSchedules() {
    var p =
        new ScheduleParameter(
            "lr",
            ScheduleForm.EXPONENTIAL,
            List.of(
                new FloatParameter("initial", 0.1, 1, true, 0),
                new ConstantParameter("final", new DoubleValue(0.01)),
                new IntParameter("total", 5, 9, false, 1)));
    assertThat(p.dimensions())
        .extracting(Dimension::name)
        .containsExactly("lr.initial", "lr.total");
    Value value =
        new ScheduleValue("exponential", Map.of("initial", 0.5, "final", 0.01, "total", 7.0));
    assertThat(p.decode(p.encode(value))).isEqualTo(value);
    for (Value foreign :
        List.of(
            new ScheduleValue("cosine", Map.of("initial", 0.5, "final", 0.01, "total", 7.0)),
            new ScheduleValue("exponential", Map.of("initial", 0.5, "final", 0.01)),
            new ScheduleValue("exponential", Map.of("initial", 0.5, "end", 0.01, "total", 7.0)),
            new ScheduleValue("exponential", Map.of("initial", 2.0, "final", 0.01, "total", 7.0)),
            new ScheduleValue("exponential", Map.of("initial", 0.5, "final", 0.02, "total", 7.0)),
            new ScheduleValue("exponential", Map.of("initial", 0.5, "final", 0.01, "total", 7.5)),
            new DoubleValue(0.5))) {
      assertThatThrownBy(() -> p.encode(foreign))
          .as(foreign.text())
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void shouldRefuseASpaceThatCannotBeEvaluated() {
    Parameter x = new FloatParameter("x", 0, 1, false, 0);
    Parameter y = new FloatParameter("y", 0, 1, false, 0);
    assertThatThrownBy(() -> new SearchSpace(List.of(x, y, x)))
        .hasMessage("expected each parameter once, but x comes twice");
    Condition xOnY = new Condition("x", isAbove("y", 0.5));
    assertThatThrownBy(() -> new SearchSpace(List.of(x), List.of(xOnY), List.of()))
        .hasMessage("expected conditions of parameters, but y is none");
    Condition z = new Condition("z", isAbove("y", 0.5));
    assertThatThrownBy(() -> new SearchSpace(List.of(x, y), List.of(z), List.of()))
        .hasMessage("expected conditions of parameters, but z is none");
    Condition yOnX = new Condition("y", isAbove("x", 0.5));
    assertThatThrownBy(() -> new SearchSpace(List.of(x, y), List.of(xOnY, yOnX), List.of()))
        .hasMessage("expected conditions without a cycle, but there is one");
  }

  @Test
  void shouldNeedEachOfSeveralConditions() {
    SearchSpace space =
        new SearchSpace(
            List.of(
                new FloatParameter("a", 0, 1, false, 0),
                new FloatParameter("b", 0, 1, false, 0),
                new BooleanParameter("c")),
            List.of(new Condition("c", isAbove("a", 0.5)), new Condition("c", isAbove("b", 0.5))),
            List.of());
    assertThat(space.active(space.decode(new double[] {0.7, 0.7, 0}))).containsKey("c");
    assertThat(space.active(space.decode(new double[] {0.7, 0.3, 0}))).doesNotContainKey("c");
    assertThat(space.active(space.decode(new double[] {0.3, 0.7, 0}))).doesNotContainKey("c");
  }

  @Test
  void shouldEqualASpaceOfTheSameParts() {
    List<Parameter> parameters = List.of(new FloatParameter("x", 0, 1, false, 0));
    SearchSpace space = new SearchSpace(parameters);
    assertThat(space)
        .isEqualTo(new SearchSpace(parameters))
        .hasSameHashCodeAs(new SearchSpace(parameters));
    assertThat(space)
        .isNotEqualTo(new SearchSpace(parameters, List.of(), List.of(isAbove("x", 0.5))))
        .isNotEqualTo(new SearchSpace(List.of(new FloatParameter("y", 0, 1, false, 0))));
    assertThat(OPTIMIZERS)
        .isNotEqualTo(new SearchSpace(OPTIMIZERS.parameters(), List.of(), OPTIMIZERS.forbidden()));
    assertThat(space.toString()).contains("name=x");
  }

  private static Assignment with(Assignment assignment, int index, Value value) {
    List<Value> values = new ArrayList<>(assignment.values());
    values.set(index, value);
    return new Assignment(values);
  }

  private static double[] random(KeyedRandom random, int size) {
    double[] point = new double[size];
    for (int i = 0; i < size; i++) {
      point[i] = random.nextDouble();
    }
    return point;
  }

  private static Expression is(String name, Value wanted) {
    return new Simple(name + " == " + wanted.text(), name) {
      @Override
      boolean holds(Value value) {
        return value.equals(wanted);
      }
    };
  }

  private static Expression isAbove(String name, double bound) {
    return new Simple(name + " > " + bound, name) {
      @Override
      boolean holds(Value value) {
        return switch (value) {
          case DoubleValue(double x) -> x > bound;
          case IntValue(long x) -> x > bound;
          case Value other -> false;
        };
      }
    };
  }

  /** A condition on one parameter. */
  private abstract static class Simple implements Expression {
    @Override
    public OptionalDouble number(Map<String, Value> values) {
      return OptionalDouble.empty();
    }

    private final String source;
    private final String name;

    Simple(String source, String name) {
      this.source = source;
      this.name = name;
    }

    abstract boolean holds(Value value);

    @Override
    public String source() {
      return source;
    }

    @Override
    public Set<String> names() {
      return Set.of(name);
    }

    @Override
    public boolean holds(Map<String, Value> values) {
      Value value = values.get(name);
      return value != null && holds(value);
    }
  }
}
