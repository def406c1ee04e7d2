package dev.rung.study;

import static dev.rung.study.StudyFixture.NO_ORDER;
import static dev.rung.study.StudyFixture.checkpoint;
import static dev.rung.study.StudyFixture.point;
import static dev.rung.study.StudyFixture.saved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.study.StudyCommand.Attach;
import dev.rung.study.StudyEvent.AttemptEnded;
import dev.rung.study.StudyEvent.AttemptLeased;
import dev.rung.study.StudyEvent.RungEntered;
import dev.rung.study.StudyEvent.StudyPaused;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** How attempts end, what is tried again, and from which checkpoint. The rungs are 1, 3 and 9. */
class EndScenariosTest {
  private final StudyFixture study = StudyFixture.create(Plans.plan());

  @Test
  void shouldTryALostTrialFiveTimesAgain() {
    for (int loss = 1; loss <= 5; loss++) {
      study.send(new StudyCommand.Lose(study.grant(), "silent"));
      assertThat(study.status(1)).as("loss %d", loss).isEqualTo(TrialStatus.WAITING);
    }
    study.send(new StudyCommand.Lose(study.grant(), "silent"));
    assertThat(study.status(1)).isEqualTo(TrialStatus.FAILED);
    assertThat(study.trial(1).attempts()).hasSize(6);
    assertThat(study.trial(1).reason()).isEqualTo("LOST: silent");
    assertThat(study.last(AttemptEnded.class).byServer()).isTrue();
  }

  @Test
  void shouldCountLossesAnewAfterACheckpoint() {
    for (int loss = 1; loss <= 12; loss++) {
      AttemptRef attempt = study.grant();
      if (loss == 5 || loss == 10) {
        study.log(attempt, saved(0));
      }
      study.send(new StudyCommand.Lose(attempt, "silent"));
      assertThat(study.status(1)).as("loss %d", loss).isEqualTo(TrialStatus.WAITING);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"OUT_OF_MEMORY", "USER_ERROR"})
  void shouldTryOnceAgainAfter(Cause cause) {
    study.end(study.grant(), cause);
    assertThat(study.status(1)).isEqualTo(TrialStatus.WAITING);
    assertThat(study.state.bracketOf(1).rungs().get(0).size()).isZero();
    study.end(study.grant(), cause);
    assertThat(study.status(1)).isEqualTo(TrialStatus.FAILED);
  }

  @Test
  void shouldCountTheCausesApart() {
    study.end(study.grant(), Cause.OUT_OF_MEMORY);
    study.end(study.grant(), Cause.USER_ERROR);
    study.send(new StudyCommand.Lose(study.grant(), "silent"));
    assertThat(study.status(1)).isEqualTo(TrialStatus.WAITING);
  }

  @ParameterizedTest
  @EnumSource(names = {"PREEMPTED", "PAUSED"})
  void shouldTryAgainWithoutLimitAfter(Cause cause) {
    for (int i = 0; i < 50; i++) {
      assertThat(study.grant().trial()).isEqualTo(1);
      study.end(new AttemptRef(1, i + 1), cause);
      assertThat(study.status(1)).isEqualTo(TrialStatus.WAITING);
    }
  }

  @Test
  void shouldEnterAFailedTrialAsTheWorstOfItsRung() {
    study.run(0.3);
    study.end(study.grant(), Cause.USER_ERROR);
    study.end(study.grant(), Cause.USER_ERROR);
    assertThat(study.last(RungEntered.class))
        .extracting(RungEntered::trial, RungEntered::fromRung, RungEntered::toRung)
        .containsExactly(2, 0, 0);
    assertThat(study.state.bracketOf(1).rungs().get(0).rank(2)).isEqualTo(1);
    // It counts in n: the third entry lets one go on.
    assertThat(study.report(study.grant(), 1, 0.2).kind()).isEqualTo(Order.Kind.CONTINUE);
  }

  @Test
  void shouldEnterAFailedTrialAtTheRungThatItHeadedFor() {
    AttemptRef attempt = promoted();
    study.end(attempt, Cause.USER_ERROR);
    attempt = study.grant();
    study.end(attempt, Cause.USER_ERROR);
    assertThat(study.state.bracketOf(1).rungs().get(0).loss(1)).isEqualTo(0.1);
    assertThat(study.state.bracketOf(1).rungs().get(1).loss(1)).isInfinite();
  }

  @Test
  void shouldEnterADivergedTrialAsTheWorst() {
    study.end(study.grant(), Cause.DIVERGED);
    assertThat(study.status(1)).isEqualTo(TrialStatus.STOPPED);
    assertThat(study.state.bracketOf(1).rungs().get(0).loss(1)).isInfinite();
  }

  @Test
  void shouldGiveTheBudgetBackAndForgetAnInfeasibleTrial() {
    StudyFixture three = StudyFixture.create(Plans.plan().trials(3));
    AttemptRef first = three.run(0.5);
    AttemptRef second = three.run(0.4);
    AttemptRef third = three.grant();
    assertThat(three.report(third, 1, 0.1).kind()).isEqualTo(Order.Kind.CONTINUE);
    assertThat(three.state.asked()).isEmpty();
    three.end(third, Cause.INFEASIBLE);
    assertThat(three.status(3)).isEqualTo(TrialStatus.INFEASIBLE);
    assertThat(three.state.bracketOf(1).rungs().get(0).contains(3)).isFalse();
    assertThat(three.state.bracketOf(1).rungs().get(0).promotions()).isZero();
    assertThat(three.state.best()).isEqualTo(new StudyView.Best(2, 1, Map.of("loss", 0.4)));
    assertThat(three.trial(3).best()).isNull();
    assertThat(three.state.suggested()).containsOnlyKeys(4);
    assertThat(three.grant()).isEqualTo(new AttemptRef(4, 1));
    assertThat(List.of(first, second)).extracting(AttemptRef::trial).containsExactly(1, 2);
  }

  @Test
  void shouldTakeAPausedTrialOutWhenItTurnsOutInfeasible() {
    AttemptRef attempt = study.grant();
    study.report(attempt, 1, 0.1);
    study.end(attempt, Cause.INFEASIBLE);
    assertThat(study.status(1)).isEqualTo(TrialStatus.INFEASIBLE);
    assertThat(study.state.bracketOf(1).rungs().get(0).size()).isZero();
    assertThat(study.state.best()).isNull();
  }

  @Test
  void shouldNameExpectedAndSentMetricsWhenTheMetricNeverCame() {
    StudyFixture two = StudyFixture.create(Plans.plan().also("size"));
    AttemptRef attempt = two.grant();
    two.log(attempt, point(1, Map.of("loss", 0.5)), point(2, Map.of("accuracy", 0.9)));
    two.end(attempt, Cause.COMPLETED);
    AttemptEnded ended = two.last(AttemptEnded.class);
    assertThat(ended.cause()).isEqualTo(Cause.NO_METRICS);
    assertThat(ended.next()).isEqualTo(TrialStatus.FAILED);
    assertThat(ended.message())
        .isEqualTo(
            "expected loss, size at or past step 1, but the training ended at step 2;"
                + " trainers sent: accuracy, loss");
  }

  @Test
  void shouldAddWhatTheTrainerSaidWhenTheMetricNeverCame() {
    study.log(study.grant(), new Entry.Ended(Cause.COMPLETED, "the log ends with:\nno data"));
    assertThat(study.last(AttemptEnded.class).message())
        .isEqualTo(
            "expected loss at or past step 1, but the training ended at step 0;"
                + " trainers sent: no metrics at all\n\nthe log ends with:\nno data");
  }

  @Test
  void shouldSayWhenNoMetricsCameAtAll() {
    study.end(study.grant(), Cause.STOPPED);
    assertThat(study.last(AttemptEnded.class).cause()).isEqualTo(Cause.NO_METRICS);
    assertThat(study.last(AttemptEnded.class).message()).endsWith("sent: no metrics at all");
  }

  @Test
  void shouldHaveNoMetricsWhenTheTrainingEndsBeforeItsMilestone() {
    AttemptRef attempt = promoted();
    study.report(attempt, 2, 0.1);
    study.end(attempt, Cause.COMPLETED);
    assertThat(study.status(1)).isEqualTo(TrialStatus.FAILED);
    assertThat(study.last(AttemptEnded.class).message())
        .startsWith("expected loss at or past step 3, but the training ended at step 2");
  }

  /** What a trainer says of an end that a verdict brought about. */
  @ParameterizedTest
  @CsvSource({
    "1, PAUSED, PAUSED, PAUSED",
    "1, STOPPED, STOPPED, PAUSED",
    "1, LOST, LOST, PAUSED",
    "1, USER_ERROR, USER_ERROR, PAUSED",
    "1, PREEMPTED, PREEMPTED, PAUSED",
    "1, COMPLETED, COMPLETED, COMPLETED",
    "9, STOPPED, COMPLETED, COMPLETED",
    "9, PAUSED, COMPLETED, COMPLETED",
    "9, COMPLETED, COMPLETED, COMPLETED",
    "9, LOST, LOST, COMPLETED",
    "9, USER_ERROR, USER_ERROR, COMPLETED",
  })
  void shouldLetTheVerdictStandHoweverTheAttemptEnds(
      long step, Cause said, Cause recorded, TrialStatus next) {
    AttemptRef attempt = study.grant();
    study.report(attempt, step, 0.5);
    study.end(attempt, said);
    assertThat(study.trial(1).lastAttempt().cause()).isEqualTo(recorded);
    assertThat(study.status(1)).isEqualTo(next);
    assertThat(study.state.bracketOf(1).rungs().get(0).size()).isEqualTo(1);
    assertThat(study.all(RungEntered.class)).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"STOPPED", "COMPLETED", "PAUSED"})
  void shouldCallADivergedTrialDivergedHoweverItSaysThatItEnded(Cause said) {
    AttemptRef attempt = study.grant();
    study.report(attempt, 1, Double.NaN);
    study.end(attempt, said);
    assertThat(study.trial(1).lastAttempt().cause()).isEqualTo(Cause.DIVERGED);
    assertThat(study.status(1)).isEqualTo(TrialStatus.STOPPED);
  }

  /** The trainer did not wait for the answer, which was to go on: it goes on elsewhere. */
  @Test
  void shouldGoOnElsewhereWhenTheTrainerDidNotWaitForAContinue() {
    study.run(0.2);
    study.run(0.3);
    AttemptRef attempt = study.grant("n1");
    assertThat(study.log(attempt, point(1, 0.1), saved(1)).kind()).isEqualTo(Order.Kind.CONTINUE);
    study.end(attempt, Cause.PAUSED);
    assertThat(study.status(3)).isEqualTo(TrialStatus.WAITING);
    assertThat(study.grant("n2")).isEqualTo(new AttemptRef(3, 2));
    AttemptLeased leased = study.last(AttemptLeased.class);
    assertThat(leased.milestone()).isEqualTo(3);
    assertThat(leased.resume()).isEqualTo(checkpoint(1));
    assertThat(leased.startStep()).isEqualTo(1);
    assertThat(study.state.movedTrials()).isEqualTo(1);
  }

  @Test
  void shouldKeepTheEntryWhenTheTrainerDiesAtItsMilestone() {
    AttemptRef attempt = study.grant();
    study.log(attempt, point(1, 0.1));
    study.send(new StudyCommand.Lose(attempt, "silent"));
    assertThat(study.status(1)).isEqualTo(TrialStatus.PAUSED);
    study.run(0.2);
    study.run(0.3);
    assertThat(study.grant()).isEqualTo(new AttemptRef(1, 2));
    // No checkpoint: from scratch, and that is the price shown.
    assertThat(study.last(AttemptLeased.class).startStep()).isZero();
    assertThat(study.last(AttemptLeased.class).resume()).isNull();
  }

  @Test
  void shouldResumeFromTheNewestCheckpoint() {
    AttemptRef attempt = promoted();
    study.log(attempt, saved(1), point(2, 0.1), saved(2));
    study.end(attempt, Cause.PREEMPTED);
    study.grant("n2");
    StudyEffect.Start start = Objects.requireNonNull(study.lastStart());
    assertThat(start.work())
        .isEqualTo(new StudyEffect.Work(StudyFixture.assignment(1), 3, checkpoint(2)));
    assertThat(start.attempt()).isEqualTo(new AttemptRef(1, 3));
    assertThat(study.last(AttemptLeased.class).startStep()).isEqualTo(2);
  }

  /** From the checkpoint at 3 there would be nothing left to train and to measure. */
  @Test
  void shouldNotResumeAtAMilestoneWhoseMetricsAreMissing() {
    AttemptRef attempt = promoted();
    study.log(attempt, point(2, 0.1), saved(2), saved(3));
    study.send(new StudyCommand.Lose(attempt, "silent"));
    study.grant();
    assertThat(study.last(AttemptLeased.class).resume()).isEqualTo(checkpoint(2));
  }

  @Test
  void shouldKeepTheCheckpointBelowTheMilestoneWhenSeveralArePastIt() {
    AttemptRef attempt = promoted();
    study.log(attempt, saved(2), saved(3), saved(4), saved(5));
    study.send(new StudyCommand.Lose(attempt, "silent"));
    study.grant();
    assertThat(study.last(AttemptLeased.class).resume()).isEqualTo(checkpoint(2));
  }

  @Test
  void shouldStartFromScratchWhenTheOnlyCheckpointIsAtTheMilestone() {
    AttemptRef attempt = study.grant();
    study.log(attempt, saved(1));
    study.send(new StudyCommand.Lose(attempt, "silent"));
    study.grant();
    assertThat(study.last(AttemptLeased.class).resume()).isNull();
  }

  @Test
  void shouldUseTheCheckpointAtTheMilestoneOnceTheMetricsCame() {
    AttemptRef attempt = study.grant();
    study.log(attempt, saved(1), point(1, 0.1));
    study.end(attempt, Cause.PAUSED);
    study.run(0.2);
    study.run(0.3);
    assertThat(study.grant()).isEqualTo(new AttemptRef(1, 2));
    assertThat(study.last(AttemptLeased.class).resume()).isEqualTo(checkpoint(1));
  }

  /** Attempts from scratch report old steps anew; the rungs keep what they have. */
  @Test
  void shouldIgnoreStepsThatARestartedTrialReportsAgain() {
    AttemptRef attempt = promoted();
    assertThat(study.log(attempt, point(1, 0.9))).isEqualTo(NO_ORDER);
    assertThat(study.state.bracketOf(1).rungs().get(0).loss(1)).isEqualTo(0.1);
    assertThat(study.report(attempt, 3, 0.2).kind()).isEqualTo(Order.Kind.PAUSE);
    assertThat(study.state.bracketOf(1).rungs().get(1).loss(1)).isEqualTo(0.2);
  }

  @Test
  void shouldTryAReleasedAttemptAgainAtNoCost() {
    for (int i = 1; i <= 8; i++) {
      AttemptRef attempt = study.grant("n" + i);
      assertThat(attempt).isEqualTo(new AttemptRef(1, i));
      study.send(new StudyCommand.Release(attempt, "REFUSED: no room"));
      assertThat(study.status(1)).isEqualTo(TrialStatus.WAITING);
      assertThat(study.trial(1).reason()).isEqualTo("REFUSED: no room");
    }
    assertThat(study.state.resourceTaken()).isZero();
    assertThat(study.state.movedTrials()).isZero();
    assertThat(study.trial(1).lastAttempt().isReleased()).isTrue();
    study.again(new StudyCommand.Release(new AttemptRef(1, 8), "REFUSED: no room"));
    assertThat(study.report(new AttemptRef(1, 8), 1, point(1, 0.1)).order().orElseThrow().kind())
        .isEqualTo(Order.Kind.FENCED);
  }

  @Test
  void shouldRefuseToReleaseAnAttemptThatReported() {
    StudyFixture whole = StudyFixture.create(Plans.plan().levels(9, 9, 3));
    AttemptRef attempt = whole.grant();
    whole.report(attempt, 1, 0.5);
    assertThat(whole.send(new StudyCommand.Release(attempt, "REFUSED")))
        .isEqualTo(
            new StudyReply.Rejected(
                ErrorCode.CONFLICT, "expected an attempt that never began, but it has reported"));
    assertThat(whole.status(1)).isEqualTo(TrialStatus.RUNNING);
  }

  @Test
  void shouldNotCountAReleasedAttemptAsAMove() {
    AttemptRef first = study.grant("n1");
    study.send(new StudyCommand.Release(first, "REFUSED"));
    AttemptRef second = study.grant("n2");
    assertThat(study.state.movedTrials()).isZero();
    study.end(second, Cause.PREEMPTED);
    AttemptRef third = study.grant("n3");
    assertThat(study.state.movedTrials()).isEqualTo(1);
    study.send(new StudyCommand.Release(third, "REFUSED"));
    assertThat(study.state.movedTrials()).isZero();
    study.grant("n2");
    assertThat(study.state.movedTrials()).isZero();
  }

  @Test
  void shouldStartAgainWhatTheSameProcessDoesNotRun() {
    AttemptRef attempt = study.grant("n1");
    StudyEffect.Start before = study.lastStart();
    study.effects.clear();
    StudyReply reply = study.send(new Attach("n1", 1, "new session", List.of()));
    assertThat(reply).isEqualTo(new StudyReply.Attached(Map.of(), Map.of()));
    assertThat(study.effects).containsExactly(before);
    assertThat(study.trial(1).lastAttempt().isLive()).isTrue();
    study.again(new Attach("n1", 1, "new session", List.of(attempt)));
  }

  /** A node names every attempt whose log is not durable whole, so it has forgotten this one. */
  @Test
  void shouldLoseWhatHasReportedAndIsNotKnownAnyMore() {
    StudyFixture late = StudyFixture.create(Plans.plan().levels(9, 9, 3));
    late.report(late.grant("n1"), 1, 0.5);
    late.effects.clear();
    late.send(new Attach("n1", 1, "new session", List.of()));
    assertThat(late.effects).isEmpty();
    assertThat(late.status(1)).isEqualTo(TrialStatus.WAITING);
    assertThat(late.trial(1).reason()).isEqualTo("LOST: node n1 does not know it any more");
  }

  @Test
  void shouldLoseTheAttemptsOfAnEarlierProcess() {
    AttemptRef first = study.grant("n1");
    AttemptRef second = study.grant("n1");
    AttemptRef elsewhere = study.grant("n2");
    study.send(new Attach("n1", 2, "new session", List.of()));
    assertThat(study.status(first.trial())).isEqualTo(TrialStatus.WAITING);
    assertThat(study.status(second.trial())).isEqualTo(TrialStatus.WAITING);
    assertThat(study.status(elsewhere.trial())).isEqualTo(TrialStatus.RUNNING);
    assertThat(study.trial(1).lastAttempt().cause()).isEqualTo(Cause.LOST);
    assertThat(study.trial(1).reason()).isEqualTo("LOST: node n1 was started anew");
    study.again(new Attach("n1", 2, "new session", List.of()));
  }

  @Test
  void shouldNotLoseAttemptsToAnOlderProcess() {
    study.send(new StudyCommand.Grant(new Slot("n1", 5, "s", 1)));
    study.again(new Attach("n1", 4, "old session", List.of()));
    assertThat(study.status(1)).isEqualTo(TrialStatus.RUNNING);
  }

  @Test
  void shouldFenceWhatANodeRunsWithoutRight() {
    AttemptRef old = study.grant("n1");
    study.send(new StudyCommand.Lose(old, "silent"));
    AttemptRef unknown = new AttemptRef(77, 1);
    StudyReply reply = study.send(new Attach("n1", 1, "s", List.of(old, unknown)));
    assertThat(reply)
        .isEqualTo(
            new StudyReply.Attached(
                Map.of(old, 0L),
                Map.of(
                    old,
                    Order.late("the attempt is over"),
                    unknown,
                    Order.fenced("there is no such attempt"))));
  }

  @Test
  void shouldSayWhatIsDueAndHowFarTheLogIsDurable() {
    AttemptRef paused = study.grant("n1");
    Order order = study.log(paused, saved(1), point(1, 0.5));
    AttemptRef fresh = study.grant("n1");
    StudyReply reply = study.send(new Attach("n1", 1, "s", List.of(paused, fresh)));
    assertThat(reply)
        .isEqualTo(new StudyReply.Attached(Map.of(paused, 2L, fresh, 0L), Map.of(paused, order)));
  }

  @Test
  void shouldLoseOnlyALiveAttempt() {
    AttemptRef attempt = study.grant();
    study.send(new StudyCommand.Lose(attempt, "silent"));
    study.again(new StudyCommand.Lose(attempt, "silent"));
    study.again(new StudyCommand.Lose(new AttemptRef(99, 1), "silent"));
    assertThat(study.all(AttemptEnded.class)).hasSize(1);
  }

  @Test
  void shouldPauseTheStudyAfterTenUserErrorsInARow() {
    List<AttemptRef> attempts = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      attempts.add(study.grant());
    }
    for (int i = 0; i < 9; i++) {
      study.log(attempts.get(i), new Entry.Ended(Cause.USER_ERROR, "no such file " + i));
      assertThat(study.state.status()).isEqualTo(StudyStatus.RUNNING);
    }
    study.log(attempts.get(9), new Entry.Ended(Cause.USER_ERROR, "the log's tail"));
    assertThat(study.state.status()).isEqualTo(StudyStatus.PAUSED);
    assertThat(study.last(StudyPaused.class).reason())
        .isEqualTo("10 attempts failed one after another, the newest with: the log's tail");
    study.decline();
    assertThat(study.report(attempts.get(10), 1, 0.1).kind()).isEqualTo(Order.Kind.PAUSE);
    study.send(new StudyCommand.Resume());
    assertThat(study.state.status()).isEqualTo(StudyStatus.RUNNING);
    assertThat(study.grant()).isEqualTo(new AttemptRef(1, 2));
  }

  @ParameterizedTest
  @EnumSource(names = {"PAUSED", "COMPLETED"})
  void shouldBeginToCountUserErrorsAnewWhenATrainerWorks(Cause cause) {
    List<AttemptRef> attempts = new ArrayList<>();
    for (int i = 0; i < 11; i++) {
      attempts.add(study.grant());
    }
    attempts.subList(0, 9).forEach(attempt -> study.end(attempt, Cause.USER_ERROR));
    study.report(attempts.get(9), 1, 0.5);
    study.end(attempts.get(9), cause);
    study.end(attempts.get(10), Cause.USER_ERROR);
    assertThat(study.state.status()).isEqualTo(StudyStatus.RUNNING);
    assertThat(study.state.userErrorsInRow()).isEqualTo(1);
  }

  @Test
  void shouldNotBeginAnewForCausesThatSayNothingOfTheTrainer() {
    List<AttemptRef> attempts = new ArrayList<>();
    for (int i = 0; i < 15; i++) {
      attempts.add(study.grant());
    }
    attempts.subList(0, 9).forEach(attempt -> study.end(attempt, Cause.USER_ERROR));
    study.end(attempts.get(9), Cause.PREEMPTED);
    study.end(attempts.get(10), Cause.DIVERGED);
    study.end(attempts.get(11), Cause.INFEASIBLE);
    study.send(new StudyCommand.Lose(attempts.get(12), "silent"));
    assertThat(study.state.status()).isEqualTo(StudyStatus.RUNNING);
    study.end(attempts.get(13), Cause.OUT_OF_MEMORY);
    assertThat(study.state.status()).isEqualTo(StudyStatus.RUNNING);
    study.end(attempts.get(14), Cause.USER_ERROR);
    assertThat(study.state.status()).isEqualTo(StudyStatus.PAUSED);
  }

  /** More than half of the first 20: the eleventh. */
  @Test
  void shouldPauseTheStudyWhenMoreThanHalfOfTheFirstTwentyFail() {
    for (int trial = 1; trial <= 10; trial++) {
      study.end(study.grant(), Cause.COMPLETED);
      assertThat(study.status(trial)).isEqualTo(TrialStatus.FAILED);
    }
    assertThat(study.state.status()).isEqualTo(StudyStatus.RUNNING);
    study.end(study.grant(), Cause.COMPLETED);
    assertThat(study.state.status()).isEqualTo(StudyStatus.PAUSED);
    assertThat(study.state.reason())
        .isEqualTo(
            "11 of the first 20 trials failed, the newest with: expected loss at or past step 1,"
                + " but the training ended at step 0; trainers sent: no metrics at all");
    study.send(new StudyCommand.Resume());
    assertThat(study.state.status()).isEqualTo(StudyStatus.RUNNING);
  }

  @Test
  void shouldNotMindFailuresAfterTheFirstTwentyTrials() {
    List<AttemptRef> attempts = new ArrayList<>();
    for (int i = 0; i < 35; i++) {
      attempts.add(study.grant());
    }
    attempts.subList(10, 35).forEach(attempt -> study.end(attempt, Cause.COMPLETED));
    assertThat(study.state.count(TrialStatus.FAILED)).isEqualTo(25);
    assertThat(study.state.earlyFailures()).isEqualTo(10);
    assertThat(study.state.status()).isEqualTo(StudyStatus.RUNNING);
  }

  /** The second attempt of trial 1, which was promoted from its pause at 1 with 0.1. */
  private AttemptRef promoted() {
    study.run(0.1);
    study.run(0.2);
    study.run(0.3);
    AttemptRef attempt = study.grant();
    assertThat(attempt).isEqualTo(new AttemptRef(1, 2));
    return attempt;
  }
}
