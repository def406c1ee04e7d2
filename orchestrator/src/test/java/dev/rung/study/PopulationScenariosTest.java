package dev.rung.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.space.Parameter.IntParameter;
import dev.rung.study.StudyEvent.TrialCloned;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Small populations, whose worst member is replaced at every second step. */
class PopulationScenariosTest {

  private static Plans plans(int members, int top) {
    return Plans.plan()
        .halving("population")
        .levels(2, top, 3)
        .trials(members)
        .space(new IntParameter("width", 1, 1_000, false, 1));
  }

  /** Gets a slot, saves and reports at the milestone, and ends as it is told. */
  private static void train(StudyFixture fixture, double loss) {
    AttemptRef attempt = fixture.grant();
    while (trainOn(fixture, attempt, loss) == Order.Kind.CONTINUE) {
      // It goes on to the next level.
    }
  }

  private static Order.Kind trainOn(StudyFixture fixture, AttemptRef attempt, double loss) {
    long milestone = fixture.trial(attempt.trial()).lastAttempt().milestone();
    fixture.log(attempt, StudyFixture.saved(milestone));
    Order.Kind told = fixture.report(attempt, milestone, loss).kind();
    switch (told) {
      case PAUSE -> fixture.end(attempt, Cause.PAUSED);
      case STOP -> fixture.end(attempt, Cause.STOPPED);
      case CONTINUE -> {}
      case YIELD, FENCED, LATE -> throw new AssertionError("the attempt is over");
    }
    return told;
  }

  private static StudyEffect.Work started(StudyFixture fixture) {
    return Objects.requireNonNull(fixture.lastStart()).work();
  }

  @Test
  void shouldGoOnFromTheParentsCheckpointWhenItIsACopy() {
    StudyFixture fixture = StudyFixture.create(plans(2, 6));
    train(fixture, 0.1);
    train(fixture, 0.9);

    TrialCloned cloned = fixture.last(TrialCloned.class);
    assertThat(cloned.trial()).isEqualTo(3);
    assertThat(cloned.parent()).isEqualTo(1);
    assertThat(cloned.replaced()).isEqualTo(2);
    assertThat(fixture.status(2)).isEqualTo(TrialStatus.STOPPED);

    // Both head for 4 now.
    assertThat(fixture.grant()).isEqualTo(new AttemptRef(1, 2));
    AttemptRef copy = fixture.grant();
    assertThat(copy).isEqualTo(new AttemptRef(3, 1));
    assertThat(started(fixture).resume()).isEqualTo(StudyFixture.checkpoint(2));
    assertThat(started(fixture).milestone()).isEqualTo(4);
    assertThat(fixture.trial(3).parent()).isEqualTo(1);
    // Lost before it has saved anything, it goes on from there again.
    fixture.send(new StudyCommand.Lose(copy, "test"));
    assertThat(fixture.grant()).isEqualTo(new AttemptRef(3, 2));
    assertThat(started(fixture).resume()).isEqualTo(StudyFixture.checkpoint(2));
  }

  @Test
  void shouldCopyNobodyWhenTheTopIsReached() {
    StudyFixture five = StudyFixture.create(plans(5, 4));
    // Each is the best when it comes, so nobody's place is taken at 2; the fifth goes on to the
    // top.
    for (int i = 5; i >= 1; i--) {
      train(five, i / 10.0);
    }
    assertThat(five.status(5)).isEqualTo(TrialStatus.COMPLETED);

    // The worst of the four that are left, but it is at the top, and nothing is left to train.
    train(five, 0.9);
    assertThat(five.status(4)).isEqualTo(TrialStatus.COMPLETED);
    train(five, 0.8);
    train(five, 0.7);
    train(five, 0.6);

    assertThat(five.all(TrialCloned.class)).isEmpty();
    assertThat(five.state.status()).isEqualTo(StudyStatus.ENDED);
    assertThat(five.state.count(TrialStatus.COMPLETED)).isEqualTo(5);
  }
}
