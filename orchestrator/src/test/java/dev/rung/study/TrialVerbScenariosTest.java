package dev.rung.study;

import static dev.rung.study.StudyFixture.saved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.study.StudyEvent.AttemptLeased;
import org.junit.jupiter.api.Test;

/** What a person may ask of one trial, in each state that it can be in. Rungs 1, 3, 9; eta 3. */
class TrialVerbScenariosTest {
  private final StudyFixture study = StudyFixture.create(Plans.plan());

  @Test
  void shouldTellARunningTrialToStop() {
    AttemptRef attempt = study.grant();
    assertThat(stop(1)).isEqualTo(new StudyReply.Done());
    assertThat(study.effects)
        .contains(new StudyEffect.Tell("n1", attempt, new Order(1, Order.Kind.STOP, 0, "by hand")));
    assertThat(study.status(1)).isEqualTo(TrialStatus.RUNNING);
    study.end(attempt, Cause.STOPPED);
    assertThat(study.status(1)).isEqualTo(TrialStatus.STOPPED);
  }

  /** Level-triggered: the order comes with every entry until the attempt ends. */
  @Test
  void shouldTellItAgainWithEveryEntry() {
    AttemptRef attempt = study.grant();
    stop(1);
    assertThat(study.report(attempt, 1, 0.5).kind()).isEqualTo(Order.Kind.STOP);
    assertThat(study.report(attempt, 2, 0.5).kind()).isEqualTo(Order.Kind.STOP);
    assertThat(study.state.bracketOf(1).rungs().get(0).size()).isZero();
  }

  @Test
  void shouldStopATrialThatWasToldToPauseAndHasNotEnded() {
    AttemptRef attempt = study.grant();
    study.report(attempt, 1, 0.5);
    stop(1);
    study.end(attempt, Cause.PAUSED);
    assertThat(study.status(1)).isEqualTo(TrialStatus.STOPPED);
    assertThat(study.state.bracketOf(1).rungs().get(0).isOpen(1)).isFalse();
  }

  @Test
  void shouldCloseAPausedTrialAtOnceSoThatItIsNotPromoted() {
    study.run(0.1);
    study.run(0.2);
    study.run(0.3);
    stop(1);
    assertThat(study.status(1)).isEqualTo(TrialStatus.STOPPED);
    assertThat(study.grant()).isEqualTo(new AttemptRef(4, 1));
  }

  @Test
  void shouldCloseATrialThatWaitsToGoOn() {
    AttemptRef attempt = study.grant();
    study.send(new StudyCommand.Lose(attempt, "silent"));
    stop(1);
    assertThat(study.status(1)).isEqualTo(TrialStatus.STOPPED);
    assertThat(study.grant()).isEqualTo(new AttemptRef(2, 1));
  }

  @Test
  void shouldChangeNothingWhenATrialIsStoppedTwice() {
    study.grant();
    stop(1);
    study.again(new StudyCommand.StopTrial(1, "by hand"));
    study.end(new AttemptRef(1, 1), Cause.STOPPED);
    study.again(new StudyCommand.StopTrial(1, "by hand"));
  }

  @Test
  void shouldRefuseToStopWhatHasNotBegunOrIsNotThere() {
    assertThat(stop(1))
        .isEqualTo(
            new StudyReply.Rejected(
                ErrorCode.CONFLICT,
                "expected a trial that has begun, but trial 1 waits for its first slot"));
    assertThat(stop(99))
        .isEqualTo(new StudyReply.Rejected(ErrorCode.NOT_FOUND, "there is no trial 99"));
  }

  /** Its failure stood in rung 0 as the worst entry, and does not any more. */
  @Test
  void shouldLetAFailedTrialGoOnFromItsCheckpoint() {
    fail(study);
    assertThat(study.status(1)).isEqualTo(TrialStatus.FAILED);
    assertThat(study.state.bracketOf(1).rungs().get(1).size()).isEqualTo(1);
    assertThat(study.send(new StudyCommand.RetryTrial(1))).isEqualTo(new StudyReply.Done());
    assertThat(study.status(1)).isEqualTo(TrialStatus.WAITING);
    assertThat(study.state.bracketOf(1).rungs().get(1).size()).isZero();
    AttemptRef again = study.grant();
    assertThat(again).isEqualTo(new AttemptRef(1, 3));
    assertThat(study.last(AttemptLeased.class).startStep()).isEqualTo(1);
    assertThat(study.report(again, 3, 0.5).kind()).isEqualTo(Order.Kind.PAUSE);
    assertThat(study.state.bracketOf(1).rungs().get(1).loss(1)).isEqualTo(0.5);
  }

  @Test
  void shouldGiveARetriedTrialItsRetriesAnew() {
    fail(study);
    study.send(new StudyCommand.RetryTrial(1));
    study.end(study.grant(), Cause.USER_ERROR);
    assertThat(study.status(1)).isEqualTo(TrialStatus.WAITING);
    study.end(study.grant(), Cause.USER_ERROR);
    assertThat(study.status(1)).isEqualTo(TrialStatus.FAILED);
  }

  @Test
  void shouldRetryOnlyWhatFailed() {
    study.run(0.5);
    assertThat(study.send(new StudyCommand.RetryTrial(1)))
        .isEqualTo(
            new StudyReply.Rejected(
                ErrorCode.CONFLICT, "expected a failed trial to retry, but trial 1 is PAUSED"));
  }

  @Test
  void shouldNotRetryInAStudyThatIsOver() {
    fail(study);
    study.send(new StudyCommand.Stop(EndReason.STOPPED, true));
    assertThat(study.send(new StudyCommand.RetryTrial(1)))
        .isInstanceOfSatisfying(
            StudyReply.Rejected.class,
            rejected -> assertThat(rejected.code()).isEqualTo(ErrorCode.CONFLICT));
  }

  /** Passes rung 0 by a sparse report on its way, saves there, and fails twice. */
  private static void fail(StudyFixture study) {
    AttemptRef attempt = study.grant();
    study.log(attempt, saved(1));
    study.report(attempt, 1, 0.1);
    study.end(attempt, Cause.PAUSED);
    study.run(0.2);
    study.run(0.3);
    AttemptRef promoted = study.grant();
    assertThat(promoted).isEqualTo(new AttemptRef(1, 2));
    study.end(promoted, Cause.NO_METRICS);
  }

  private StudyReply stop(int trial) {
    return study.send(new StudyCommand.StopTrial(trial, "by hand"));
  }
}
