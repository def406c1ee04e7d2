package dev.rung.studyfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.space.Condition;
import dev.rung.space.Expression;
import dev.rung.space.Parameter;
import dev.rung.space.Parameter.CategoricalParameter;
import dev.rung.space.Parameter.ConstantParameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.space.Parameter.OrdinalParameter;
import dev.rung.space.ScheduleForm;
import dev.rung.space.ScheduleParameter;
import dev.rung.space.SearchSpace;
import dev.rung.space.SimplexParameter;
import dev.rung.space.Value;
import dev.rung.space.Value.BoolValue;
import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.IntValue;
import dev.rung.space.Value.StringValue;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Parameters beyond ranges and choices, groups and conditions. The study's max is 9. */
class SpacesTest {
  @Test
  void shouldReadOrdinalsAndConstants() {
    assertThat(parameter("{type: ordinal, values: [small, 4, large]}"))
        .isEqualTo(
            new OrdinalParameter(
                "p", List.of(new StringValue("small"), new IntValue(4), new StringValue("large"))));
    assertThat(parameter("{type: ordinal, values: [false, true]}"))
        .isEqualTo(new OrdinalParameter("p", List.of(new BoolValue(false), new BoolValue(true))));
    assertThat(parameter("{value: 0.5}"))
        .isEqualTo(new ConstantParameter("p", new DoubleValue(0.5)));
    assertThat(parameter("{type: constant, value: adam}"))
        .isEqualTo(new ConstantParameter("p", new StringValue("adam")));
  }

  @Test
  void shouldReadSimplexes() {
    assertThat(parameter("{simplex: [ce, kl]}"))
        .isEqualTo(new SimplexParameter("p", List.of("ce", "kl"), List.of(1.0, 1.0)));
    assertThat(parameter("{type: simplex, simplex: 3, concentration: 2}"))
        .isEqualTo(new SimplexParameter("p", List.of(), List.of(2.0, 2.0, 2.0)));
    assertThat(parameter("{simplex: [ce, kl], concentration: [0.001, 1000]}"))
        .isEqualTo(new SimplexParameter("p", List.of("ce", "kl"), List.of(0.001, 1000.0)));
    assertThat(parameter("{simplex: 64}").dimensions()).hasSize(63);
  }

  @Test
  void shouldReadSchedules() {
    assertThat(parameter("{schedule: constant, value: {min: 0.1, max: 1, log: true}}"))
        .isEqualTo(schedule(ScheduleForm.CONSTANT, new FloatParameter("value", 0.1, 1, true, 0)));
    assertThat(parameter("{type: schedule, schedule: cosine, initial: 1}"))
        .isEqualTo(
            schedule(
                ScheduleForm.COSINE,
                real("initial", 1),
                real("final", 0),
                whole("total", 9),
                whole("warmup", 0)));
    assertThat(
            parameter(
                "{schedule: exponential, initial: 0.1, final: {min: 0.2, max: 0.3},"
                    + " total: {min: 5, max: 9}, warmup: {min: 0, max: 4, step: 2}}"))
        .isEqualTo(
            schedule(
                ScheduleForm.EXPONENTIAL,
                real("initial", 0.1),
                new FloatParameter("final", 0.2, 0.3, false, 0),
                new IntParameter("total", 5, 9, false, 1),
                new IntParameter("warmup", 0, 4, false, 2)));
    assertThat(parameter("{schedule: one_cycle, initial: 0.1, peak: 1.0, final: 0.0, total: 100}"))
        .isEqualTo(
            schedule(
                ScheduleForm.ONE_CYCLE,
                real("initial", 0.1),
                real("peak", 1),
                real("final", 0),
                real("peak_at", 0.3),
                whole("total", 100)));
    assertThat(
            parameter("{schedule: piecewise, values: [1.0, 0.1, 0.01], at: [{min: 2, max: 4}, 9]}"))
        .isEqualTo(
            schedule(
                ScheduleForm.PIECEWISE,
                real("value_0", 1),
                new IntParameter("at_1", 2, 4, false, 1),
                real("value_1", 0.1),
                whole("at_2", 9),
                real("value_2", 0.01)));
  }

  @Test
  void shouldFlattenGroups() {
    SearchSpace space =
        space(
            """
            {kind: {values: [adam, sgd]},
             optimizer: {when: kind == 'sgd', group: {
               lr: {min: 0.0, max: 1.0},
               extra: {when: optimizer.lr > 0.5, group: {momentum: {min: 0, max: 3}}}}}}
            """);
    assertThat(space.parameters())
        .containsExactly(
            new CategoricalParameter(
                "kind", List.of(new StringValue("adam"), new StringValue("sgd"))),
            new FloatParameter("optimizer.lr", 0, 1, false, 0),
            new IntParameter("optimizer.extra.momentum", 0, 3, false, 1));
    assertThat(space.conditions().stream().map(c -> c.parameter() + " when " + c.when().source()))
        .containsExactly(
            "optimizer.lr when kind == 'sgd'",
            "optimizer.extra.momentum when kind == 'sgd'",
            "optimizer.extra.momentum when optimizer.lr > 0.5");
    assertThat(space.active(space.decode(new double[] {0.9, 0.6, 0})).keySet())
        .containsExactly("kind", "optimizer.lr", "optimizer.extra.momentum");
    assertThat(space.active(space.decode(new double[] {0.9, 0.4, 0})).keySet())
        .containsExactly("kind", "optimizer.lr");
    assertThat(space.active(space.decode(new double[] {0.1, 0.6, 0})).keySet())
        .containsExactly("kind");
  }

  @Test
  void shouldReadWhatIsForbidden() {
    String file =
        GoodFiles.file("time: 1m", "{x: {min: 0.0, max: 1.0}, n: {min: 1, max: 3}}")
            + "forbid: ['x > 0.5 && n == 2', 'n > 2']\n";
    SearchSpace space = GoodFiles.valid(file).plan().space();
    assertThat(space.forbidden())
        .extracting(Expression::source)
        .containsExactly("x > 0.5 && n == 2", "n > 2");
    assertThat(space.isAllowed(space.decode(new double[] {0.6, 0.1}))).isTrue();
    assertThat(space.isAllowed(space.decode(new double[] {0.6, 0.5}))).isFalse();
    assertThat(space.isAllowed(space.decode(new double[] {0.1, 0.9}))).isFalse();
  }

  @Test
  void shouldWarnOfAConditionThatNeverHolds() {
    assertThat(warnings("{o: {values: [adam, sgd]}, m: {min: 0, max: 2, when: o == 'sdg'}}", ""))
        .containsExactly("a.yaml:4:61: space.m.when: it holds at no point of the space");
    assertThat(warnings("{x: {min: 0.0, max: 1.0}}", "forbid: [x > 2.0]\n"))
        .containsExactly("a.yaml:7:10: forbid[0]: it holds at no point of the space");
    assertThat(warnings("{x: {min: 0.0, max: 1.0}}", "forbid: [x > 0.9]\n")).isEmpty();
  }

  /** 3 layers without a momentum, and 2 momenta beside 1 layer: 3 - 1 + 2 = 4, less one. */
  @Test
  void shouldCountDistinctAssignmentsThatAreAllowed() {
    String space = "{layers: {min: 1, max: 3}, m: {type: boolean, when: layers == 1}}";
    assertThat(warnings("trials: 4", space, "")).isEmpty();
    assertThat(warnings("trials: 5", space, ""))
        .containsExactly(
            "a.yaml:5:18: budget.trials: 5 trials, but the space has only 4 distinct assignments");
    assertThat(warnings("trials: 4", space, "forbid: [layers == 3]\n"))
        .containsExactly(
            "a.yaml:5:18: budget.trials: 4 trials, but the space has only 3 distinct assignments");
    // Endless, or with too many combinations to try them all.
    String x = "{x: {min: 0.0, max: 1.0}, y: {value: 1, when: x > 0.5}}";
    assertThat(warnings("trials: 9", x, "")).isEmpty();
    String large = "{a: {min: 1, max: 65}, b: {min: 1, max: 64}, c: {value: 1, when: a > 1}}";
    assertThat(warnings("trials: 9000", large, "")).isEmpty();
  }

  @Test
  void shouldCountTheNewKinds() {
    String space =
        "{o: {type: ordinal, values: [1, 2, 3]}, c: {value: 1}, s: {schedule: cosine,"
            + " initial: 0.1, warmup: {min: 0, max: 3}}}";
    assertThat(warnings("trials: 12", space, "")).isEmpty();
    assertThat(warnings("trials: 13", space, "")).hasSize(1);
    assertThat(warnings("trials: 13", "{w: {simplex: 2}}", "")).isEmpty();
    assertThat(warnings("trials: 13", "{s: {schedule: constant, value: {min: 0, max: 1}}}", ""))
        .isEmpty();
  }

  @Test
  void shouldRefuseMoreCoordinatesThanSobolPointsHave() {
    StringBuilder space = new StringBuilder("{");
    for (int i = 0; i < 16; i++) {
      space.append("w%d: {simplex: 64}, ".formatted(i));
    }
    StudyFile.Result result =
        StudyFile.parse(GoodFiles.file("time: 1m", space + "}"), "a.yaml", () -> 1);
    assertThat(result).isInstanceOf(StudyFile.Invalid.class);
    assertThat(((StudyFile.Invalid) result).problems())
        .extracting(Problem::toString)
        .containsExactly(
            "a.yaml:4:8: space: expected at most 1000 coordinates of parameters, weights and"
                + " coefficients, but came 1008");
  }

  @Test
  void shouldKeepConditionsOfTheFileInThePlan() {
    SearchSpace space =
        space("{o: {values: [a, b]}, m: {value: 1, when: \"o == 'a'\"}, n: {value: 2}}");
    assertThat(space.conditions()).extracting(Condition::parameter).containsExactly("m");
    assertThat(space)
        .isEqualTo(
            space("{o: {values: [a, b]}, m: {when: \"o == 'a'\", value: 1}, n: {value: 2}}"));
  }

  private static Parameter schedule(ScheduleForm form, Parameter... coefficients) {
    return new ScheduleParameter("p", form, List.of(coefficients));
  }

  private static Parameter real(String name, double value) {
    return new ConstantParameter(name, new DoubleValue(value));
  }

  private static Parameter whole(String name, long value) {
    Value whole = new IntValue(value);
    return new ConstantParameter(name, whole);
  }

  private static Parameter parameter(String written) {
    return space("{p: " + written + "}").parameters().get(0);
  }

  private static SearchSpace space(String written) {
    return GoodFiles.valid(GoodFiles.file("time: 1m", written.strip().replace("\n", "\n  ")))
        .plan()
        .space();
  }

  private static List<String> warnings(String space, String more) {
    return warnings("time: 1m", space, more);
  }

  private static List<String> warnings(String budget, String space, String more) {
    return GoodFiles.valid(GoodFiles.file(budget, space) + more).warnings().stream()
        .map(Problem::toString)
        .toList();
  }
}
