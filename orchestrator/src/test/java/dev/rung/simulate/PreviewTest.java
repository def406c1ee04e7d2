package dev.rung.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rung.simulate.FleetModel.Points;
import dev.rung.simulate.FleetModel.Resume;
import dev.rung.simulate.Preview.RungUse;
import dev.rung.study.StudyPlan;
import dev.rung.studyfile.StudyFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

final class PreviewTest {

  private static FleetModel fleet(int trainers) {
    return new FleetModel(trainers, 0, 0, 0, 0, 0, 0, 0, 0, Resume.FULL, Points.LEVELS);
  }

  private static StudyPlan plan(String text) {
    return switch (StudyFile.parse(text, "test.yaml", () -> 1)) {
      case StudyFile.Valid valid -> valid.plan();
      case StudyFile.Invalid invalid -> throw new AssertionError(invalid.problems());
    };
  }

  private static StudyPlan plan(int trials, String algorithm) {
    return plan(
        """
        name: previewed
        metric: {name: loss, goal: minimize}
        resource: {unit: epoch, max: 9}
        budget: {trials: %d}
        algorithm: {search: random, halving: %s}
        space: {x: {min: 0.0, max: 1.0}}
        trainer: {kind: none}
        """
            .formatted(trials, algorithm));
  }

  private static Spread always(double value) {
    return new Spread(value, value, value);
  }

  /**
   * Levels 1, 3 and 9, one trainer: three trials train an epoch each, to time 3, and the best one
   * two more, to time 5, whatever the curves are.
   */
  @Test
  void shouldTellWhatEachRungTakes() {
    Preview preview = Preview.of(plan(3, "asha"), fleet(1), 4, 1_000, 100);

    assertThat(preview.rungs())
        .containsExactly(
            new RungUse(1, always(3), always(3), always(3), always(1)),
            new RungUse(3, always(1), always(2), always(2), always(5)),
            new RungUse(9, always(0), always(0), always(0), always(Double.NaN)));
    assertThat(preview.time()).isEqualTo(always(5));
    assertThat(preview.trainerTime()).isEqualTo(always(5));
    assertThat(preview.resource()).isEqualTo(always(5));
    assertThat(preview.utilisation()).isEqualTo(always(1));
    assertThat(preview.started()).isEqualTo(always(3));
    assertThat(preview.completed()).isEqualTo(always(0));
    assertThat(preview.without()).isEqualTo(4);
    assertThat(preview.runs()).isEqualTo(4);
  }

  /** Every trial trains 1, 2 and 6 epochs; two trainers need 4.5 epochs' time for each. */
  @Test
  void shouldShareTheWorkAmongTrainers() {
    Preview preview = Preview.of(plan(4, "none"), fleet(2), 2, 1_000, 100);

    assertThat(preview.rungs())
        .containsExactly(new RungUse(9, always(4), always(36), always(36), always(9)));
    assertThat(preview.time()).isEqualTo(always(18));
    assertThat(preview.trainerTime()).isEqualTo(always(36));
    assertThat(preview.without()).isZero();
  }

  /**
   * What {@code ./rung quickstart -o json} printed on 2 cores on 2026-11-30, with real trainers and
   * real images: rungs [1: 60, 3: 32, 9: 10, 27: 3], 238 epochs.
   */
  @Test
  void shouldForeseeTheQuickstart() throws IOException {
    long[] levels = {1, 3, 9, 27};
    int[] entered = {60, 32, 10, 3};
    StudyPlan plan = plan(Files.readString(Path.of("../docs/examples/digits.yaml")));

    Preview preview = Preview.of(plan, fleet(2), 10, 1_000, Double.POSITIVE_INFINITY);

    List<RungUse> rungs = preview.rungs();
    assertThat(rungs).hasSize(levels.length);
    for (int i = 0; i < levels.length; i++) {
      assertThat(rungs.get(i).level()).isEqualTo(levels[i]);
      assertThat(rungs.get(i).trials().median())
          .isCloseTo(entered[i], within(Math.max(2, 0.2 * entered[i])));
    }
    assertThat(preview.resource().median()).isCloseTo(238, within(0.2 * 238));
  }

  /** Points come at the levels below the first rung as well, which calibration looks at. */
  @Test
  void shouldReportAtEachLevelOfALadder() {
    StudyPlan plan =
        plan(
            """
            name: previewed
            metric: {name: loss, goal: minimize}
            resource: {unit: epoch, max: 81}
            budget: {trials: 1}
            space: {x: {min: 0.0, max: 1.0}}
            trainer: {kind: none}
            """);
    SimulatedRun run =
        new Simulation(plan, new PlausibleCurves(plan), fleet(1), 1, 1_000).run(1_000);

    // Levels 1, 3, 9, 27 and 81; the only trial is a probe, from 3 on to 9.
    assertThat(run.points()).isEqualTo(3);
    assertThat(run.resource()).isEqualTo(9);
  }
}
