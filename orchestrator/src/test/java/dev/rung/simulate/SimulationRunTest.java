package dev.rung.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rung.simulate.FleetModel.Points;
import dev.rung.simulate.FleetModel.Resume;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyStatus;
import dev.rung.study.StudySummary.RungSummary;
import dev.rung.studyfile.StudyFile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs whose times can be worked out by hand. */
final class SimulationRunTest {

  private static StudyPlan plan(String more) {
    String text =
        """
        name: simulated
        metric: {name: loss, goal: minimize}
        trainer: {kind: simulated}
        """
            + more;
    return switch (StudyFile.parse(text, "test.yaml", () -> 1, new GivenLosses(i -> i).space())) {
      case StudyFile.Valid valid -> valid.plan();
      case StudyFile.Invalid invalid -> throw new AssertionError(invalid.problems());
    };
  }

  private static StudyPlan threeTrials() {
    return plan(
        """
        resource: {unit: epoch, max: 9}
        budget: {trials: 3}
        algorithm: {halving: asha, search: random}
        """);
  }

  private static SimulatedRun run(StudyPlan plan, FleetModel fleet, double horizon) {
    return new Simulation(plan, new GivenLosses(trial -> trial), fleet, 1, 1_000).run(horizon);
  }

  private static FleetModel fleet(int trainers, double start, double stop, Resume resume) {
    return new FleetModel(trainers, 0, 0, 0, 0, 0, start, stop, 0, resume, Points.EVERY);
  }

  /**
   * One trainer, levels 1, 3 and 9. Trials 1, 2 and 3 train one epoch each, to time 3; of three one
   * may go on: trial 1, for two more epochs, to time 5. One of one is no third of a rung.
   */
  @Test
  void shouldTakeTheTimeThatTrainingTakes() {
    SimulatedRun run = run(threeTrials(), FleetModel.of(1), 100);

    assertThat(run.summary().status()).isEqualTo(StudyStatus.ENDED);
    assertThat(run.time()).isEqualTo(5);
    assertThat(run.resource()).isEqualTo(5);
    assertThat(run.points()).isEqualTo(5);
    assertThat(run.utilisation()).isEqualTo(1);
    assertThat(run.started()).isEqualTo(3);
    assertThat(run.completed()).isZero();
    assertThat(run.rungs()).extracting(RungSummary::entered).containsExactly(3, 1, 0);
    assertThat(run.trajectory().steps()).containsExactly(new Trajectory.Step(1, 1));
  }

  /** The promotion trains three epochs instead of two: 3 + 3. */
  @ParameterizedTest
  @EnumSource(
      value = Resume.class,
      names = {"NONE", "RETRY"})
  void shouldTrainAPromotionFromScratchWithoutCheckpoints(Resume resume) {
    SimulatedRun run = run(threeTrials(), fleet(1, 0, 0, resume), 100);

    assertThat(run.time()).isEqualTo(6);
    assertThat(run.resource()).isEqualTo(6);
  }

  /**
   * Four attempts, each with half a unit before and a quarter after: 4 (0.5 + 0.25) + 5. The slot
   * is taken all the while.
   */
  @Test
  void shouldAddDelaysToEachAttempt() {
    SimulatedRun run = run(threeTrials(), fleet(1, 0.5, 0.25, Resume.FULL), 100);

    assertThat(run.time()).isEqualTo(8);
    assertThat(run.resource()).isEqualTo(5);
    assertThat(run.utilisation()).isEqualTo(1);
  }

  /**
   * Where trial 3 is the best it goes on in its slot: one attempt less, so 3 (0.5 + 0.25) + 5 in
   * all, and the pauses of trials 1 and 2 are before.
   */
  @Test
  void shouldNotDelayAPromotionInPlace() {
    SimulatedRun run =
        new Simulation(
                threeTrials(),
                new GivenLosses(trial -> -trial),
                fleet(1, 0.5, 0.25, Resume.FULL),
                1,
                1_000)
            .run(100);

    assertThat(run.time()).isEqualTo(7.25);
    assertThat(run.trajectory().steps())
        .containsExactly(
            new Trajectory.Step(1.5, -1),
            new Trajectory.Step(3.25, -2),
            new Trajectory.Step(5, -3));
  }

  /** Two trainers: at time 1 trials 1 and 2 are done, at time 2 trial 3, at time 4 trial 1. */
  @Test
  void shouldTrainAtTheSameTime() {
    SimulatedRun run = run(threeTrials(), FleetModel.of(2), 100);

    assertThat(run.time()).isEqualTo(4);
    assertThat(run.utilisation()).isEqualTo(5.0 / 8);
  }

  @Test
  void shouldEndAtTheHorizon() {
    SimulatedRun run = run(threeTrials(), FleetModel.of(1), 2.5);

    assertThat(run.time()).isEqualTo(2.5);
    assertThat(run.resource()).isEqualTo(2);
    assertThat(run.summary().status()).isEqualTo(StudyStatus.RUNNING);
  }

  /** The budget is two seconds and a half, a unit is one: what runs then reaches its milestone. */
  @Test
  void shouldTakeTheBudgetsTimeForVirtualTime() {
    StudyPlan plan =
        plan(
            """
            resource: {unit: epoch, max: 9}
            budget: {time: 5s}
            algorithm: {halving: none, search: random}
            """);

    SimulatedRun run =
        new Simulation(plan, new GivenLosses(t -> t), FleetModel.of(1), 1, 2_000).run(100);

    assertThat(run.summary().status()).isEqualTo(StudyStatus.ENDED);
    assertThat(run.time()).isEqualTo(9);
  }

  /** Points at milestones alone change neither times nor decisions. */
  @Test
  void shouldDecideTheSameOnMilestonesAlone() {
    FleetModel milestones =
        new FleetModel(4, 0.5, 0, 0, 0, 0, 0, 0, 0, Resume.FULL, Points.MILESTONES);
    FleetModel every = new FleetModel(4, 0.5, 0, 0, 0, 0, 0, 0, 0, Resume.FULL, Points.EVERY);
    StudyPlan plan =
        plan(
            """
            resource: {unit: epoch, max: 27}
            budget: {trials: 40}
            algorithm: {halving: asha, search: random}
            """);

    SimulatedRun few = run(plan, milestones, 1_000);
    SimulatedRun many = run(plan, every, 1_000);

    assertThat(few.time()).isCloseTo(many.time(), within(1e-9));
    assertThat(few.rungs()).isEqualTo(many.rungs());
    assertThat(few.decisions()).isEqualTo(many.decisions());
    assertThat(few.points()).isLessThan(many.points());
  }

  @Test
  void shouldComeOutTheSameWithTheSameSeed() {
    FleetModel fleet =
        new FleetModel(5, 0.5, 0.02, 0.02, 0.05, 0.01, 0.1, 0.1, 0.1, Resume.FULL, Points.EVERY);
    StudyPlan plan =
        plan(
            """
            resource: {unit: epoch, max: 27}
            budget: {trials: 60}
            """);

    SimulatedRun one = seeded(plan, fleet, 7);
    SimulatedRun two = seeded(plan, fleet, 7);
    SimulatedRun other = seeded(plan, fleet, 8);

    assertThat(one.summary().status()).isEqualTo(StudyStatus.ENDED);
    assertThat(two.time()).isEqualTo(one.time());
    assertThat(two.resource()).isEqualTo(one.resource());
    assertThat(two.trajectory().steps()).isEqualTo(one.trajectory().steps());
    assertThat(two.rungs()).isEqualTo(one.rungs());
    assertThat(other.time()).isNotEqualTo(one.time());
  }

  private static SimulatedRun seeded(StudyPlan plan, FleetModel fleet, long seed) {
    return new Simulation(plan.seeded(seed), new GivenLosses(t -> Math.sin(t)), fleet, seed, 1_000)
        .run(10_000);
  }

  /** Every algorithm comes to its end on a fleet that loses things. */
  @ParameterizedTest
  @org.junit.jupiter.params.provider.ValueSource(
      strings = {
        "{halving: auto, search: auto}",
        "{halving: asha, search: tpe}",
        "{halving: asha, delayed: true, search: sobol}",
        "{halving: asha, mode: stopping, search: random}",
        "{halving: asha, mode: quantile, search: random}",
        "{halving: hyperband, brackets: 3, search: random}",
        "{halving: pasha, search: random}",
        "{halving: median, search: random}",
        "{halving: population, search: random}",
        "{halving: none, search: random}"
      })
  void shouldEndWhateverTheAlgorithm(String algorithm) {
    FleetModel fleet =
        new FleetModel(5, 0.5, 0.01, 0.02, 0.05, 0.01, 0.1, 0.1, 0.1, Resume.FULL, Points.EVERY);
    StudyPlan plan =
        plan("resource: {max: 9}\nbudget: {trials: 20}\nalgorithm: " + algorithm + "\n");

    SimulatedRun run = seeded(plan, fleet, 3);

    assertThat(run.summary().status()).as(run.summary().reason()).isEqualTo(StudyStatus.ENDED);
    assertThat(run.utilisation()).isBetween(0.0, 1.0);
    assertThat(run.trajectory().steps()).isNotEmpty();
    List<Trajectory.Step> steps = run.trajectory().steps();
    for (int i = 1; i < steps.size(); i++) {
      assertThat(steps.get(i).best()).isLessThan(steps.get(i - 1).best());
      assertThat(steps.get(i).time()).isGreaterThan(steps.get(i - 1).time());
    }
  }
}
