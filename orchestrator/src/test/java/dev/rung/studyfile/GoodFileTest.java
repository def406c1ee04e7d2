package dev.rung.studyfile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.halving.HalvingRules.Mode;
import dev.rung.space.Assignment;
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

  @Test
  void shouldReadTheFirstUsefulFile() throws IOException {
    Valid valid = GoodFiles.valid(Files.readString(EXAMPLES.resolve("digits.yaml")));

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
                new Algorithm(
                    "auto", "auto", 3, false, Optional.of(Mode.PROMOTION), Optional.empty()),
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

    Valid valid = GoodFiles.valid(text);

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
                new Algorithm(
                    "asha", "random", 4, true, Optional.of(Mode.PROMOTION), Optional.empty()),
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
    Valid valid = GoodFiles.valid(GoodFiles.SHORTEST);

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
                new Algorithm(
                    "auto", "auto", 3, false, Optional.of(Mode.PROMOTION), Optional.empty()),
                new SearchSpace(List.of(new FloatParameter("x", 0, 1, false, 0))),
                new TrainerSpec("scripted", Map.of()),
                7));
    assertThat(valid.warnings())
        .map(Problem::toString)
        .containsExactly("a.yaml:1:1: budget: without a budget it runs until it is stopped");
  }

  @Test
  void shouldReadWhatTheFirstTrialsBeginWith() {
    String text =
        GoodFiles.file("trials: 9", "{x: {min: 0.0, max: 1.0}, b: {type: boolean}}")
            + "enqueue: [{x: 0.5, b: true}, {b: false, x: 1}]\n";
    assertThat(GoodFiles.valid(text).plan().first())
        .containsExactly(
            new Assignment(List.of(new DoubleValue(0.5), new BoolValue(true))),
            new Assignment(List.of(new DoubleValue(1), new BoolValue(false))));
  }

  @Test
  void shouldReadAGridOfPoints() {
    String text =
        GoodFiles.SHORTEST + "algorithm: {search: grid, points: 3}\nbudget: {trials: 3}\n";
    assertThat(GoodFiles.valid(text).warnings()).isEmpty();
    assertThat(GoodFiles.valid(text).plan().algorithm().points()).contains(3);
    String without = text.replace("search: grid", "search: tpe");
    assertThat(GoodFiles.valid(without).warnings())
        .map(Problem::toString)
        .containsExactly(
            "a.yaml:6:34: algorithm.points: counts with search: grid only, but the search is tpe");
  }

  @Test
  void shouldWarnWhenNoTrialCanReachTheFirstRung() {
    String text =
        GoodFiles.file("resource: 9", "{x: {min: 0.0, max: 1.0}}")
            .replace("resource: {max: 9}", "resource: {min: 10, max: 90}");
    assertThat(GoodFiles.valid(text).warnings())
        .map(Problem::toString)
        .containsExactly(
            "a.yaml:5:20: budget.resource: 9 is less than a trial needs to reach its first rung"
                + " at 10");
  }

  @Test
  void shouldReadEveryExample() throws IOException {
    try (Stream<Path> files = Files.walk(EXAMPLES)) {
      List<Path> examples = files.filter(file -> file.toString().endsWith(".yaml")).toList();
      assertThat(examples).hasSizeGreaterThanOrEqualTo(3);
      for (Path example : examples) {
        assertThat(GoodFiles.valid(Files.readString(example)).warnings())
            .as(example.toString())
            .isEmpty();
      }
    }
  }
}
