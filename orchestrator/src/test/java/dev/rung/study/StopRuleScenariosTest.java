package dev.rung.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class StopRuleScenariosTest {

  /** The first two have cost 3 and 2.5 when they end; 5.5 is more than 5. */
  @Test
  void shouldEndWhenTheCostIsUsedUp() {
    StudyFixture study = StudyFixture.create(Plans.plan().cost(5).trials(9));
    run(study, 1, 3);
    assertThat(study.state.status()).isEqualTo(StudyStatus.RUNNING);
    assertThat(study.state.cost()).isEqualTo(3);
    run(study, 2, 2.5);
    assertThat(study.state.cost()).isEqualTo(5.5);
    assertThat(study.state.status()).isEqualTo(StudyStatus.ENDED);
    assertThat(study.state.endReason()).isEqualTo(EndReason.COST);
  }

  @Test
  void shouldEndAtItsDeadline() {
    StudyFixture study = StudyFixture.create(Plans.plan().deadline(5_000).trials(9));
    study.now = 4_999;
    study.send(new StudyCommand.Tick());
    assertThat(study.state.status()).isEqualTo(StudyStatus.RUNNING);
    study.now = 5_000;
    study.send(new StudyCommand.Tick());
    assertThat(study.state.endReason()).isEqualTo(EndReason.DEADLINE);
  }

  /** The best comes with the second; the third and the fourth bring nothing better. */
  @Test
  void shouldEndWhenTheLastTrialsBroughtNothingBetter() {
    StudyFixture study =
        StudyFixture.create(Plans.plan().halving("none").noImprovement(2).trials(9));
    study.run(0.5);
    study.run(0.4);
    study.run(0.6);
    assertThat(study.state.status()).isEqualTo(StudyStatus.RUNNING);
    study.run(0.5);
    assertThat(study.state.endReason()).isEqualTo(EndReason.NO_IMPROVEMENT);
    assertThat(study.best().trial()).isEqualTo(2);
  }

  private static void run(StudyFixture study, double loss, double cost) {
    AttemptRef attempt = study.grant();
    study.log(
        attempt,
        new Entry.Point(1, Map.of("loss", loss), OptionalDouble.of(cost), Optional.empty()));
    study.end(attempt, Cause.PAUSED);
  }
}
