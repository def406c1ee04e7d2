package dev.rung.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.halving.HalvingRules.Mode;
import java.time.Duration;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** The rungs are 1, 3 and 9, and a third goes on from each. */
class RemainingTest {
  private static Duration time(StudyFixture study, double stepsPerSecond) {
    return Remaining.time(
            StudySummary.of(study.state), OptionalDouble.of(stepsPerSecond), study.now)
        .orElseThrow();
  }

  /** Of 9 trials 9 train 1 step, 3 train 2 more and 1 trains 6 more: 9 + 6 + 6 = 21. */
  @Test
  void shouldForeseeWhatTheTrialsOfTheBudgetTrain() {
    StudyFixture study = StudyFixture.create(Plans.plan().trials(9));
    assertThat(Remaining.resource(study.state)).hasValue(21);
    // At 1.5 + 0.5 + 1 steps a second.
    assertThat(time(study, 3)).isEqualTo(Duration.ofSeconds(7));

    study.run(0.5);
    study.run(0.4);
    assertThat(Remaining.resource(study.state)).hasValue(19);
    // The best goes on in its slot: 18 are left, less the step that it has trained towards 3.
    AttemptRef best = study.grant();
    assertThat(study.report(best, 1, 0.1).kind()).isEqualTo(Order.Kind.CONTINUE);
    assertThat(Remaining.resource(study.state)).hasValue(18);
    study.report(best, 2, 0.1);
    assertThat(Remaining.resource(study.state)).hasValue(17);
  }

  @Test
  void shouldNotForeseeMoreThanTheBudgetPaysFor() {
    StudyFixture study = StudyFixture.create(Plans.plan().trials(9).resource(12));
    assertThat(Remaining.resource(study.state)).hasValue(12);
    study.run(0.5);
    assertThat(Remaining.resource(study.state)).hasValue(11);
  }

  /** A rule that stops says nothing of a third: what has gone on so far does, 1 of 2 here. */
  @Test
  void shouldGoByWhatHasGoneOnWhereARuleStops() {
    StudyFixture study =
        StudyFixture.create(Plans.plan().trials(4).mode(Mode.STOPPING).levels(1, 3, 3));
    study.run(0.1);
    study.run(0.5);
    // Two more train 1 step, and of the four two train 2 more.
    assertThat(Remaining.resource(study.state)).hasValue(2 + 4);
  }

  @Test
  void shouldSayNothingWhereNothingTellsIt() {
    StudyFixture study = StudyFixture.create(Plans.plan().trials(9));
    assertThat(Remaining.time(StudySummary.of(study.state), OptionalDouble.empty(), study.now))
        .isEmpty();
    study.send(new StudyCommand.Pause("by hand"));
    assertThat(Remaining.resource(study.state)).isEmpty();
    assertThat(Remaining.time(StudySummary.of(study.state), OptionalDouble.of(1), study.now))
        .isEmpty();
  }

  @Test
  void shouldEndWithTheTimeOfTheBudgetAtTheLatest() {
    StudyFixture study = StudyFixture.create(Plans.plan().trials(9).millis(10_000));
    study.now += 4_000;
    assertThat(time(study, 3)).isEqualTo(Duration.ofSeconds(6));
    assertThat(time(study, 21)).isEqualTo(Duration.ofSeconds(1));
    assertThat(Remaining.time(StudySummary.of(study.state), OptionalDouble.empty(), study.now))
        .hasValue(Duration.ofSeconds(6));
  }
}
