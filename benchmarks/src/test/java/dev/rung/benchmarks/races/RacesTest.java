package dev.rung.benchmarks.races;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rung.simulate.CurveTable;
import dev.rung.simulate.Spread;
import dev.rung.space.KeyedRandom;
import dev.rung.space.Value;
import dev.rung.space.Value.DoubleValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What races count, by hand, and a race that is short. */
final class RacesTest {
  private static final String LOSS = RaceTable.LOSS;

  private static CurveTable.Row row(double x, double... losses) {
    return new CurveTable.Row(
        Map.of("x", (Value) new DoubleValue(x)), new TreeMap<>(Map.of(LOSS, losses)));
  }

  /** The lowest loss is 1; the last ones are 2, 3 and (diverged) infinite, so 3 is ordinary. */
  private static RaceTable three() {
    return RaceTable.of(
        "three",
        new CurveTable(List.of(row(0.1, 5, 1, 2), row(0.2, 5, 4, 3), row(0.3, 5, 4, Double.NaN))));
  }

  @Test
  void shouldMeasureRegretBetweenTheBestAndAnOrdinarySetting() {
    assertThat(three().optimum()).isEqualTo(1);
    assertThat(three().ordinary()).isEqualTo(3);
    assertThat(three().full()).isEqualTo(3);
    assertThat(three().regret(1)).isZero();
    assertThat(three().regret(3)).isEqualTo(1);
    assertThat(three().regret(2)).isEqualTo(0.5);
  }

  @Test
  void shouldFollowTheBestOfACourse() {
    Course course = new Course(List.of(2.0, 5.0), List.of(3.0, 1.5));

    assertThat(course.at(1.9)).isInfinite();
    assertThat(course.at(2)).isEqualTo(3);
    assertThat(course.at(100)).isEqualTo(1.5);
    assertThat(course.reaches(3)).isEqualTo(2);
    assertThat(course.reaches(2)).isEqualTo(5);
    assertThat(course.reaches(1)).isInfinite();
  }

  /**
   * A race of 3 points a training takes 30. To a loss of 2 one seed takes 5, the other never comes:
   * 60. Their median is 32.5. After 6 points they have 1.5 and 3: regrets of 0.25 and 1.
   */
  @Test
  void shouldCountSpeedUpAndRegret() {
    Course fast = new Course(List.of(2.0, 5.0), List.of(3.0, 1.5));
    Course slow = new Course(List.of(2.0), List.of(3.0));

    Standing standing =
        Standing.of(
            "test", List.of(three()), Map.of("three", 2.0), Map.of("three", List.of(fast, slow)));

    assertThat(standing.speedUp()).isCloseTo(30 / 32.5, within(1e-12));
    assertThat(standing.slowest()).isCloseTo(0.5, within(1e-12));
    assertThat(standing.fastest()).isCloseTo(6, within(1e-12));
    assertThat(standing.early()).isCloseTo(0.625, within(1e-12));
    assertThat(standing.late()).isCloseTo(0.625, within(1e-12));
  }

  /**
   * Nine rows, one of them drawn after the other, by 25 workers: all come to the first point at
   * time 1, three go on to the third by time 3, and the best alone to the ninth by time 9.
   */
  @Test
  void shouldWaitForTheWholeRungInSynchronousHalving() {
    List<CurveTable.Row> rows = new ArrayList<>();
    for (int i = 1; i <= 9; i++) {
      double[] losses = new double[9];
      for (int step = 0; step < 9; step++) {
        losses[step] = i + (9 - step) / 10.0;
      }
      rows.add(row(i / 10.0, losses));
    }
    RaceTable table = RaceTable.of("nine", new CurveTable(rows));

    Course course = new SynchronousHalving(1, 3).run(table, 1);

    assertThat(course.at(1)).isCloseTo(1.9, within(1e-12));
    assertThat(course.at(3)).isCloseTo(1.7, within(1e-12));
    assertThat(course.at(9)).isCloseTo(1.1, within(1e-12));
    assertThat(course.times().stream().distinct())
        .containsExactly(1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0);
  }

  /** Rows of a smooth function of two numbers, whose curves fall at their own pace. */
  private static RaceTable smooth() {
    KeyedRandom random = KeyedRandom.stream(1, "smooth table", 0);
    List<CurveTable.Row> rows = new ArrayList<>();
    for (int i = 0; i < 400; i++) {
      double x = random.nextDouble();
      double y = random.nextDouble();
      double end = (x - 0.3) * (x - 0.3) + (y - 0.6) * (y - 0.6);
      double pace = 2 + 6 * random.nextDouble();
      double[] losses = new double[27];
      for (int step = 1; step <= losses.length; step++) {
        losses[step - 1] = end + Math.exp(-step / pace) + 0.02 * random.nextDouble() / step;
      }
      rows.add(
          new CurveTable.Row(
              Map.of("x", new DoubleValue(x), "y", new DoubleValue(y)),
              new TreeMap<>(Map.of(LOSS, losses))));
    }
    return RaceTable.of("smooth", new CurveTable(rows));
  }

  /** On a task that is easy for models and for halving the default is faster than chance. */
  @Test
  void shouldWinAShortRaceByTheDefault() {
    RaceTable table = smooth();
    List<RaceTable> tables = List.of(table);
    List<Course> random = courses("{halving: none, search: random}", table);
    List<Course> byDefault = courses("{halving: auto, search: auto}", table);
    Map<String, Double> target =
        Map.of("smooth", Spread.of(random.stream().mapToDouble(c -> c.at(270))).median());

    Standing chance = Standing.of("random", tables, target, Map.of("smooth", random));
    Standing auto = Standing.of("auto", tables, target, Map.of("smooth", byDefault));

    assertThat(auto.speedUp()).isGreaterThan(2 * chance.speedUp());
    assertThat(auto.early()).isLessThan(chance.early());
  }

  private static List<Course> courses(String algorithm, RaceTable table) {
    Contender contender = Contender.rung("test", algorithm, 1);
    List<Course> courses = new ArrayList<>();
    for (int seed = 1; seed <= 5; seed++) {
      courses.add(contender.runner().run(table, seed));
    }
    return courses;
  }
}
