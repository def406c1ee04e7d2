package dev.rung.study;

import static dev.rung.study.StudyFixture.point;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.study.StudyCommand.PutMetric;
import dev.rung.study.StudyReply.Done;
import dev.rung.study.StudyReply.Rejected;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Two objectives on the rungs 1, 3 and 9: the trainer sends the loss, a person the rating. */
class ScoringScenariosTest {
  private final StudyFixture study =
      StudyFixture.create(Plans.plan().alsoFromOutside("rating").trials(4));

  @Test
  void shouldWaitForTheMetricWithoutASlot() {
    AttemptRef attempt = study.grant();
    Order order = study.report(attempt, 1, 0.5);
    assertThat(order.kind()).isEqualTo(Order.Kind.PAUSE);
    assertThat(order.reason()).isEqualTo("paused: at rung 1 it waits for rating from outside");
    study.end(attempt, Cause.PAUSED);
    assertThat(study.status(1)).isEqualTo(TrialStatus.AWAITING_METRIC);
    assertThat(study.state.running()).isEmpty();
    assertThat(study.state.bracketOf(1).rungs().get(0).size()).isZero();
  }

  @Test
  void shouldEnterTheRungWithTheScore() {
    await(0.5);
    assertThat(put(1, 3)).isEqualTo(new Done());
    assertThat(study.status(1)).isEqualTo(TrialStatus.PAUSED);
    assertThat(study.state.bracketOf(1).rungs().get(0).losses(1)).containsExactly(0.5, 3);
    assertThat(study.trial(1).reason())
        .isEqualTo("scored: values 0.5 and 3 at rung 1 ranks 1 of 1 (front 1); none may go on yet");
    assertThat(study.best().metrics()).isEqualTo(Map.of("loss", 0.5, "rating", 3.0));
  }

  /** Of three that no other dominates one may go on: the first of the net has the least loss. */
  @Test
  void shouldPromoteByScores() {
    await(0.5);
    await(0.4);
    await(0.3);
    put(1, 3);
    put(2, 4);
    assertThat(study.grant().trial()).isEqualTo(4);
    put(3, 5);
    AttemptRef next = study.grant();
    assertThat(next).isEqualTo(new AttemptRef(3, 2));
    assertThat(study.trial(3).lastAttempt().milestone()).isEqualTo(3);
  }

  @Test
  void shouldTakeAScoreWhileTheTrialStillHasItsSlot() {
    AttemptRef attempt = study.grant();
    study.report(attempt, 1, 0.5);
    put(1, 3);
    assertThat(study.status(1)).isEqualTo(TrialStatus.RUNNING);
    study.end(attempt, Cause.PAUSED);
    assertThat(study.status(1)).isEqualTo(TrialStatus.PAUSED);
    assertThat(study.state.bracketOf(1).rungs().get(0).isOpen(1)).isTrue();
  }

  @Test
  void shouldCompleteATrialThatIsScoredAtTheTop() {
    StudyFixture top =
        StudyFixture.create(Plans.plan().halving("none").alsoFromOutside("rating").trials(1));
    AttemptRef attempt = top.grant();
    top.report(attempt, 9, 0.5);
    top.end(attempt, Cause.PAUSED);
    assertThat(top.status(1)).isEqualTo(TrialStatus.AWAITING_METRIC);
    assertThat(top.state.status()).isEqualTo(StudyStatus.RUNNING);
    top.send(new PutMetric(1, "rating", 1, OptionalLong.empty(), false));
    assertThat(top.status(1)).isEqualTo(TrialStatus.COMPLETED);
    assertThat(top.state.status()).isEqualTo(StudyStatus.ENDED);
    assertThat(top.state.endReason()).isEqualTo(EndReason.COMPLETED);
  }

  @Test
  void shouldRefuseASecondScore() {
    await(0.5);
    put(1, 3);
    assertThat(put(1, 3)).isEqualTo(new Done());
    assertThat(put(1, 4))
        .isEqualTo(
            new Rejected(
                ErrorCode.CONFLICT,
                "expected one rating of trial 1, but it has 3 already; ask for a replacement"));
  }

  @Test
  void shouldReplaceAScoreUntilItHasDecided() {
    await(0.5);
    await(0.4);
    await(0.3);
    put(1, 3);
    put(2, 3);
    assertThat(replace(2, 5)).isEqualTo(new Done());
    assertThat(study.status(2)).isEqualTo(TrialStatus.PAUSED);
    assertThat(study.state.bracketOf(1).rungs().get(0).losses(2)).containsExactly(0.4, 5);
    put(3, 1);
    assertThat(study.grant()).isEqualTo(new AttemptRef(3, 2));
    assertThat(replace(3, 9))
        .isEqualTo(
            new Rejected(
                ErrorCode.CONFLICT,
                "expected a trial that waits for rating, but trial 3 is RUNNING"));
  }

  @Test
  void shouldNameWhatIsWrongWithAScore() {
    await(0.5);
    assertThat(study.send(new PutMetric(9, "rating", 1, OptionalLong.empty(), false)))
        .isEqualTo(new Rejected(ErrorCode.NOT_FOUND, "there is no trial 9"));
    assertThat(study.send(new PutMetric(1, "loss", 1, OptionalLong.empty(), false)))
        .isEqualTo(
            new Rejected(
                ErrorCode.INVALID,
                "expected a metric with source: external, of [rating], but came loss"));
    assertThat(study.send(new PutMetric(1, "rating", 1, OptionalLong.of(3), false)))
        .isEqualTo(
            new Rejected(
                ErrorCode.CONFLICT,
                "expected a score for rung 1, where trial 1 waits, but it is for rung 3"));
    assertThat(study.send(new PutMetric(1, "rating", 1, OptionalLong.of(1), false)))
        .isEqualTo(new Done());
  }

  @Test
  void shouldStopATrialWhoseScoreIsNoNumber() {
    await(0.5);
    put(1, Double.NaN);
    assertThat(study.status(1)).isEqualTo(TrialStatus.STOPPED);
    assertThat(study.state.bracketOf(1).rungs().get(0).isFinite(1)).isFalse();
    assertThat(study.state.best()).isNull();
  }

  @Test
  void shouldStoreAScoreForAnEndedStudyAndGiveNoVerdict() {
    await(0.5);
    await(0.4);
    put(1, 3);
    study.send(new StudyCommand.Stop(EndReason.STOPPED, false));
    assertThat(study.state.status()).isEqualTo(StudyStatus.ENDED);
    assertThat(study.status(2)).isEqualTo(TrialStatus.STOPPED);
    int verdicts = study.all(StudyEvent.TrialScored.class).size();
    assertThat(put(2, 1)).isEqualTo(new Done());
    assertThat(study.all(StudyEvent.TrialScored.class)).hasSize(verdicts);
    assertThat(study.status(2)).isEqualTo(TrialStatus.STOPPED);
    assertThat(study.best().trial()).isEqualTo(2);
  }

  @Test
  void shouldEndATrialAtOnceThatDivergesBeforeItsScore() {
    AttemptRef attempt = study.grant();
    Order order = study.log(attempt, point(1, Double.NaN));
    assertThat(order.kind()).isEqualTo(Order.Kind.STOP);
    study.end(attempt, Cause.STOPPED);
    assertThat(study.status(1)).isEqualTo(TrialStatus.STOPPED);
  }

  private void await(double loss) {
    AttemptRef attempt = study.grant();
    study.report(attempt, 1, loss);
    study.end(attempt, Cause.PAUSED);
  }

  private StudyReply put(int trial, double rating) {
    return study.send(new PutMetric(trial, "rating", rating, OptionalLong.empty(), false));
  }

  private StudyReply replace(int trial, double rating) {
    return study.send(new PutMetric(trial, "rating", rating, OptionalLong.empty(), true));
  }
}
