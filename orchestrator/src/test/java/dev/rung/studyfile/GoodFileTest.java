package dev.rung.studyfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.space.Parameter;
import dev.rung.space.Parameter.BooleanParameter;
import dev.rung.space.Parameter.CategoricalParameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.space.SearchSpace;
import dev.rung.space.Value.BoolValue;
import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.IntValue;
import dev.rung.space.Value.ListValue;
import dev.rung.space.Value.StringValue;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyPlan.Algorithm;
import dev.rung.study.StudyPlan.Budget;
import dev.rung.study.StudyPlan.Goal;
import dev.rung.study.StudyPlan.Objective;
import dev.rung.study.StudyPlan.Resource;
import dev.rung.study.StudyPlan.Take;
import dev.rung.study.StudyPlan.TrainerSpec;
import dev.rung.studyfile.StudyFile.Invalid;
import dev.rung.studyfile.StudyFile.Valid;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class GoodFileTest {
  private static final Path EXAMPLES = Path.of("../docs/examples");
  private static final String SHORTEST =
      """
      name: a
      metric: {name: loss, goal: minimize}
      resource: {max: 9}
      space: {x: {min: 0.0, max: 1.0}}
      trainer: {kind: scripted}
      """;

  @Test
  void shouldReadTheFirstUsefulFile() throws IOException {
    Valid valid = valid(Files.readString(EXAMPLES.resolve("digits.yaml")));

    assertThat(valid.warnings()).isEmpty();
    assertThat(valid.plan())
        .isEqualTo(
            new StudyPlan(
                "digits",
                List.of(new Objective("val_accuracy", Goal.MAXIMIZE, Take.LAST)),
                new Resource("epoch", 1, 27),
                new Budget(
                    OptionalInt.of(60),
                    OptionalInt.empty(),
                    Optional.empty(),
                    OptionalLong.empty(),
                    OptionalDouble.empty()),
                new Algorithm("auto", "auto", 3, false),
                new SearchSpace(
                    List.of(
                        new FloatParameter("learning_rate", 1e-4, 1, true, 0),
                        new IntParameter("hidden", 16, 256, false, 16),
                        new CategoricalParameter(
                            "activation",
                            List.of(
                                new StringValue("relu"),
                                new StringValue("tanh"),
                                new StringValue("swish"))))),
                new TrainerSpec("dl4j-image", Map.of("data", new StringValue("digits"))),
                7));
  }

  @Test
  void shouldReadEveryKey() {
    String text =
        """
        name: "Ünï: 数字"
        metric: {name: val/rmse.best-1, goal: minimize, take: best}
        resource: {unit: sample, min: 10, max: 0x3E8}
        budget: {trials: 100, parallel: 4, time: 8h, resource: 50000, target: 1}
        algorithm: {halving: asha, search: random, eta: 4, mode: promotion, delayed: true, seed: -5}
        space:
          x: {min: 1, max: 2.5}
        trainer:
          kind: custom/net-1.0
          config: {a: 1, b: 1.5, c: true, d: "1", e: [1, two, 3.0, FALSE], f: [], g: "x\\ty"}
        """;

    Valid valid = valid(text);

    assertThat(valid.warnings()).isEmpty();
    assertThat(valid.plan())
        .isEqualTo(
            new StudyPlan(
                "Ünï: 数字",
                List.of(new Objective("val/rmse.best-1", Goal.MINIMIZE, Take.BEST)),
                new Resource("sample", 10, 1000),
                new Budget(
                    OptionalInt.of(100),
                    OptionalInt.of(4),
                    Optional.of(Duration.ofHours(8)),
                    OptionalLong.of(50_000),
                    OptionalDouble.of(1)),
                new Algorithm("asha", "random", 4, true),
                new SearchSpace(List.of(new FloatParameter("x", 1, 2.5, false, 0))),
                new TrainerSpec(
                    "custom/net-1.0",
                    Map.of(
                        "a", new IntValue(1),
                        "b", new DoubleValue(1.5),
                        "c", new BoolValue(true),
                        "d", new StringValue("1"),
                        "e",
                            new ListValue(
                                List.of(
                                    new IntValue(1),
                                    new StringValue("two"),
                                    new DoubleValue(3),
                                    new BoolValue(false))),
                        "f", new ListValue(List.of()),
                        "g", new StringValue("x\ty"))),
                -5));
  }

  @Test
  void shouldFillInDefaultsWhenOnlyRequiredKeysAreThere() {
    Valid valid = valid(SHORTEST);

    assertThat(valid.plan())
        .isEqualTo(
            new StudyPlan(
                "a",
                List.of(new Objective("loss", Goal.MINIMIZE, Take.LAST)),
                new Resource("step", 1, 9),
                new Budget(
                    OptionalInt.empty(),
                    OptionalInt.empty(),
                    Optional.empty(),
                    OptionalLong.empty(),
                    OptionalDouble.empty()),
                new Algorithm("auto", "auto", 3, false),
                new SearchSpace(List.of(new FloatParameter("x", 0, 1, false, 0))),
                new TrainerSpec("scripted", Map.of()),
                7));
    assertThat(valid.warnings())
        .map(Problem::toString)
        .containsExactly("a.yaml:1:1: budget: without a budget it runs until it is stopped");
  }

  @Test
  void shouldTellWholeNumbersFromRealOnesByHowTheyAreWritten() {
    assertThat(parameter("{min: 1, max: 8}")).isEqualTo(new IntParameter("p", 1, 8, false, 1));
    assertThat(parameter("{min: 1, max: 8.0}")).isEqualTo(new FloatParameter("p", 1, 8, false, 0));
    assertThat(parameter("{min: 1, max: 8, step: 0.5}"))
        .isEqualTo(new FloatParameter("p", 1, 8, false, 0.5));
    assertThat(parameter("{min: 1, max: 8, type: float}"))
        .isEqualTo(new FloatParameter("p", 1, 8, false, 0));
    assertThat(parameter("{min: 1, max: 1e2, log: true}"))
        .isEqualTo(new FloatParameter("p", 1, 100, true, 0));
    assertThat(parameter("{type: int, min: 1, max: 100, step: 1, log: true}"))
        .isEqualTo(new IntParameter("p", 1, 100, true, 1));
  }

  @Test
  void shouldReadOneValueWhenMinIsMax() {
    assertThat(parameter("{min: 3, max: 3}")).isEqualTo(new IntParameter("p", 3, 3, false, 1));
    assertThat(parameter("{min: 0.5, max: 0.5, log: true}"))
        .isEqualTo(new FloatParameter("p", 0.5, 0.5, true, 0));
    // Minus zero is not below zero and yet orders before it.
    assertThat(parameter("{min: 0.0, max: -0.0}"))
        .isEqualTo(new FloatParameter("p", 0.0, 0.0, false, 0));
  }

  @Test
  void shouldReadChoicesByTheTypesThatTheyAreWrittenAs() {
    assertThat(parameter("{values: [1, 2.0, '3', true, no]}"))
        .isEqualTo(
            new CategoricalParameter(
                "p",
                List.of(
                    new IntValue(1),
                    new DoubleValue(2),
                    new StringValue("3"),
                    new BoolValue(true),
                    new StringValue("no"))));
    assertThat(parameter("{type: categorical, values: [true]}"))
        .isEqualTo(new CategoricalParameter("p", List.of(new BoolValue(true))));
  }

  @Test
  void shouldReadBooleans() {
    assertThat(parameter("{type: boolean}")).isEqualTo(new BooleanParameter("p"));
    assertThat(parameter("{values: [true, false]}")).isEqualTo(new BooleanParameter("p"));
    assertThat(parameter("{values: [False, True]}")).isEqualTo(new BooleanParameter("p"));
  }

  @Test
  void shouldEndAtTheLastStepWhenMaxIsNotOnTheGrid() {
    // 1, 4, 7, 10: the next would be 13.
    assertThat(parameter("{min: 1, max: 12, step: 3}"))
        .isEqualTo(new IntParameter("p", 1, 10, false, 3));
    // 0.1, 0.4, 0.7: the next would be 1.0.
    assertThat(parameter("{min: 0.1, max: 0.9, step: 0.3}"))
        .isEqualTo(new FloatParameter("p", 0.1, 0.7, false, 0.3));
    // 3 * 0.1 is 0.30000000000000004 in binary, and yet 0.3 is on the grid.
    assertThat(parameter("{min: 0.0, max: 0.3, step: 0.1}"))
        .isEqualTo(new FloatParameter("p", 0, 0.3, false, 0.1));
    assertThat(warnings("{min: 1, max: 12, step: 3}"))
        .containsExactly("a.yaml:4:26: space.p.max: the steps from 1 end at 10, not at 12");
    assertThat(warnings("{min: 0.1, max: 0.9, step: 0.3}"))
        .containsExactly("a.yaml:4:28: space.p.max: the steps from 0.1 end at 0.7, not at 0.9");
    assertThat(warnings("{min: 0.0, max: 0.3, step: 0.1}")).isEmpty();
  }

  @Test
  void shouldWarnWhenAShareIsWrittenAsWholeNumbers() {
    assertThat(warnings("{min: 0, max: 1}"))
        .containsExactly(
            "a.yaml:4:26: space.p.max: 0 and 1 are the only whole numbers from 0 to 1;"
                + " write 1.0 for those between");
    assertThat(warnings("{min: 0, max: 1, type: int}")).isEmpty();
  }

  @Test
  void shouldWarnWhenTheSpaceHasFewerAssignmentsThanTrials() {
    // 6 whole numbers, 3 real ones, 2 texts, a boolean, one value: 6 * 3 * 2 * 2 * 1 = 72.
    String space =
        "{a: {min: 0, max: 5}, b: {min: 0.0, max: 1.0, step: 0.5}, c: {values: [x, y]},"
            + " d: {type: boolean}, e: {min: 2.5, max: 2.5}}";
    assertThat(valid(file("trials: 72", space)).warnings()).isEmpty();
    assertThat(valid(file("trials: 73", space)).warnings())
        .map(Problem::toString)
        .containsExactly(
            "a.yaml:5:18: budget.trials: 73 trials, but the space has only 72 distinct"
                + " assignments");
    // Four ranges of 2^53 values are more than 64 bits can count.
    String large = "{min: 1, max: 9007199254740992}";
    String huge = "{a: %s, b: %s, c: %s, d: %s}".formatted(large, large, large, large);
    assertThat(valid(file("trials: 73", huge)).warnings()).isEmpty();
  }

  @Test
  void shouldWarnWhenNoTrialCanReachTheFirstRung() {
    String text =
        file("resource: 9", "{x: {min: 0.0, max: 1.0}}")
            .replace("resource: {max: 9}", "resource: {min: 10, max: 90}");
    assertThat(valid(text).warnings())
        .map(Problem::toString)
        .containsExactly(
            "a.yaml:5:20: budget.resource: 9 is less than a trial needs to reach its first rung"
                + " at 10");
  }

  @Test
  void shouldReadEveryExample() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      List<Path> examples = files.toList();
      assertThat(examples).hasSizeGreaterThanOrEqualTo(3);
      for (Path example : examples) {
        assertThat(valid(Files.readString(example)).warnings()).as(example.toString()).isEmpty();
      }
    }
  }

  private static Valid valid(String text) {
    return switch (StudyFile.parse(text, "a.yaml", () -> 7)) {
      case Valid valid -> valid;
      case Invalid(List<Problem> problems) -> throw new AssertionError(problems.toString());
    };
  }

  private static Parameter parameter(String written) {
    return valid(file("time: 1m", "{p: " + written + "}")).plan().space().parameters().get(0);
  }

  private static List<String> warnings(String written) {
    return valid(file("time: 1m", "{p: " + written + "}")).warnings().stream()
        .map(Problem::toString)
        .toList();
  }

  private static String file(String budget, String space) {
    return SHORTEST.replace("{x: {min: 0.0, max: 1.0}}", space + "\nbudget: {" + budget + "}");
  }
}
