package dev.rung.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.space.Assignment;
import dev.rung.space.Value.DoubleValue;
import dev.rung.study.StudyPlan;
import dev.rung.studyfile.StudyFile;
import java.util.List;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.hipparchus.stat.correlation.KendallsCorrelation;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class PlausibleCurvesTest {
  private static final int MANY = 400;

  private static Task task(String metrics) {
    String text =
        """
        name: previewed
        resource: {unit: epoch, max: 27}
        space: {x: {min: 0.0, max: 1.0}}
        trainer: {kind: none}
        """
            + metrics;
    return switch (StudyFile.parse(text, "test.yaml", () -> 1)) {
      case StudyFile.Valid valid -> curves(valid.plan());
      case StudyFile.Invalid invalid -> throw new AssertionError(invalid.problems());
    };
  }

  private static Task curves(StudyPlan plan) {
    return new PlausibleCurves(plan).seeded(7);
  }

  private static double[] values(Task task, String metric, long step) {
    return IntStream.range(0, MANY)
        .mapToDouble(i -> task.measure(assignment(i), i, step).get(metric))
        .toArray();
  }

  private static Assignment assignment(int i) {
    return new Assignment(List.of(new DoubleValue(i / (double) MANY)));
  }

  /** Nothing but the seed, the metric, the assignment and the step matters. */
  @Test
  void shouldBeTheSameForTheSameSeed() {
    Task task = task("metric: {name: loss, goal: minimize}");

    assertThat(task.measure(assignment(3), 3, 9)).isEqualTo(task.measure(assignment(3), 4, 9));
    assertThat(task.seeded(8).measure(assignment(3), 3, 9))
        .isNotEqualTo(task.measure(assignment(3), 3, 9));
  }

  /**
   * At the end nothing but noise of 0.02 and at most 0.9 / 28^2 is added to a loss in [0.1, 0.9].
   * After the first of 27 epochs 1 / 2^2 to 1 / 4^2 of 1 - f are left, and 1 - f is 0.5 on average.
   */
  @Test
  void shouldFallToWhereItEnds() {
    Task task = task("metric: {name: loss, goal: minimize}");

    assertThat(DoubleStream.of(values(task, "loss", 27)).min().orElseThrow()).isBetween(0.0, 0.12);
    assertThat(DoubleStream.of(values(task, "loss", 27)).max().orElseThrow()).isBetween(0.88, 1.0);
    assertThat(mean(values(task, "loss", 1)) - mean(values(task, "loss", 27)))
        .isBetween(0.5 / 16, 0.5 / 4);
  }

  private static double mean(double[] values) {
    return DoubleStream.of(values).average().orElseThrow();
  }

  /** Low rungs agree with the end, the later the better, and not entirely. */
  @Test
  void shouldRankMoreLikeTheEndTheLongerItTrains() {
    Task task = task("metric: {name: loss, goal: minimize}");
    double[] end = values(task, "loss", 27);
    KendallsCorrelation tau = new KendallsCorrelation();

    double first = tau.correlation(values(task, "loss", 1), end);
    double ninth = tau.correlation(values(task, "loss", 9), end);

    assertThat(first).isBetween(0.5, 0.8);
    assertThat(ninth).isBetween(first + 0.05, 0.98);
  }

  @Test
  void shouldShowOneLessTheLossWhereMoreIsBetter() {
    double[] losses = values(task("metric: {name: m, goal: minimize}"), "m", 5);
    double[] gains = values(task("metric: {name: m, goal: maximize}"), "m", 5);

    for (int i = 0; i < MANY; i++) {
      assertThat(gains[i]).isEqualTo(1 - losses[i]);
    }
  }

  /** Three quarters of 400 are 300; five standard deviations of that are 43. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "minimize|max: 0.02",
        "minimize|min: 5",
        "minimize|max: 0",
        "maximize|max: 1000",
        "maximize|min: 0.9",
        "maximize|min: -3",
      })
  void shouldEndWithinABoundThreeTimesOutOfFour(String goal, String bound) {
    Task task =
        task(
            """
            metric: {name: m, goal: %s}
            constraints: [{metric: m, %s}, {metric: other, %s}]
            """
                .formatted(goal, bound, bound));
    double at = Double.parseDouble(bound.substring(5));

    for (String metric : List.of("m", "other")) {
      double[] values = values(task, metric, 27);
      assertThat(
              IntStream.range(0, MANY)
                  .filter(i -> bound.startsWith("max") ? values[i] <= at : values[i] >= at)
                  .count())
          .isBetween(257L, 343L);
    }
  }
}
