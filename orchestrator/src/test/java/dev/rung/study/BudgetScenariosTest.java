package dev.rung.study;

import static dev.rung.study.StudyFixture.point;
import static dev.rung.study.StudyFixture.saved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.halving.Evidence;
import dev.rung.study.StudyEffect.Tell;
import dev.rung.study.StudyEvent.Closing;
import dev.rung.study.StudyEvent.StudyEnded;
import dev.rung.study.StudyEvent.StudyStopping;
import dev.rung.study.StudyEvent.TrialsClosed;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** When a study ends by itself, and what its budget lets it begin. The rungs are 1, 3 and 9. */
class BudgetScenariosTest {

  @Test
  void shouldBeginAsManyTrialsAsTheBudgetSays() {
    StudyFixture study = StudyFixture.create(Plans.plan().trials(5));
    for (int trial = 1; trial <= 5; trial++) {
      assertThat(study.grant()).isEqualTo(new AttemptRef(trial, 1));
    }
    study.decline();
    assertThat(study.state.nextTrial()).isEqualTo(6);
  }

  @Test
  void shouldEndWhenEveryTrialHasRun() {
    StudyFixture study = StudyFixture.create(Plans.plan().trials(2));
    study.run(0.5);
    assertThat(study.state.status()).isEqualTo(StudyStatus.RUNNING);
    study.run(0.4);
    assertThat(study.state.status()).isEqualTo(StudyStatus.ENDED);
    assertThat(study.state.endReason()).isEqualTo(EndReason.COMPLETED);
    assertThat(study.state.reason()).isEqualTo("every trial of the budget has run");
  }

  @Test
  void shouldCloseWhatIsPausedWithTheEvidenceOfItsRung() {
    StudyFixture study = StudyFixture.create(Plans.plan().trials(2));
    study.run(0.5);
    study.run(0.4);
    assertThat(study.last(TrialsClosed.class).trials())
        .containsExactly(
            new Closing(2, Optional.of(new Evidence("asha, promotion", 0, 1, 0.4, 0, 2, 0, 1))),
            new Closing(1, Optional.of(new Evidence("asha, promotion", 0, 1, 0.5, 1, 2, 0, 1))));
    assertThat(study.last(TrialsClosed.class).reason())
        .isEqualTo("closed, since the study ends: every trial of the budget has run");
    assertThat(study.status(1)).isEqualTo(TrialStatus.STOPPED);
    assertThat(study.trial(1).reason())
        .isEqualTo("closed, since the study ends: every trial of the budget has run");
    assertThat(study.state.bracketOf(1).rungs().get(0).isOpen(1)).isFalse();
    assertThat(study.state.count(TrialStatus.STOPPED)).isEqualTo(2);
    assertThat(study.state.count(TrialStatus.PAUSED)).isZero();
  }

  @Test
  void shouldCloseManyInSeveralEvents() {
    StudyFixture study = StudyFixture.create(Plans.plan().levels(1, 9, 1_000));
    List<AttemptRef> attempts = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      attempts.add(grantQuickly(study));
    }
    for (AttemptRef attempt : attempts.subList(0, 290)) {
      sendQuickly(
          study,
          new StudyCommand.Report(
              attempt, 1, List.of(point(1, attempt.trial()), new Entry.Ended(Cause.PAUSED, ""))));
    }
    for (AttemptRef attempt : attempts.subList(290, 300)) {
      sendQuickly(study, new StudyCommand.Lose(attempt, "silent"));
    }
    sendQuickly(study, new StudyCommand.Stop(EndReason.STOPPED, false));
    List<TrialsClosed> closed = study.all(TrialsClosed.class);
    assertThat(closed).extracting(e -> e.trials().size()).containsExactly(256, 44);
    // First what waits, without a place in a rung; then from the best.
    assertThat(closed.get(0).trials().get(0)).isEqualTo(new Closing(291, Optional.empty()));
    assertThat(closed.get(0).trials().get(10).trial()).isEqualTo(1);
    assertThat(closed.get(1).trials().get(43).trial()).isEqualTo(290);
    assertThat(study.state.count(TrialStatus.STOPPED)).isEqualTo(300);
    assertThat(study.state.status()).isEqualTo(StudyStatus.ENDED);
    assertThat(study.all(StudyEnded.class)).hasSize(1);
  }

  @Test
  void shouldNotRunMoreAtOnceThanParallel() {
    StudyFixture study = StudyFixture.create(Plans.plan().parallel(2));
    AttemptRef first = study.grant();
    study.grant();
    assertThat(StudyKernel.demand(study.state)).isZero();
    study.decline();
    study.report(first, 1, 0.5);
    study.decline();
    study.end(first, Cause.PAUSED);
    assertThat(StudyKernel.demand(study.state)).isEqualTo(1);
    study.grant();
    study.decline();
  }

  @Test
  void shouldGoOnInPlaceWhenParallelIsUsedUp() {
    StudyFixture study = StudyFixture.create(Plans.plan().parallel(1));
    study.run(0.3);
    study.run(0.2);
    assertThat(study.report(study.grant(), 1, 0.1).kind()).isEqualTo(Order.Kind.CONTINUE);
  }

  @Test
  void shouldSayHowManySlotsItCouldUse() {
    StudyFixture study = StudyFixture.create(Plans.plan());
    assertThat(StudyKernel.demand(study.state)).isEqualTo(2); // suggestions held ready
    List<AttemptRef> attempts = new ArrayList<>();
    for (int i = 0; i < 12; i++) {
      attempts.add(study.grant());
    }
    assertThat(StudyKernel.demand(study.state)).isEqualTo(3); // 12 / 4 run
    study.end(attempts.get(0), Cause.PREEMPTED);
    assertThat(StudyKernel.demand(study.state)).isEqualTo(4); // one waits
    for (AttemptRef attempt : attempts.subList(1, 4)) {
      study.report(attempt, 1, 0.1 * attempt.trial());
      study.end(attempt, Cause.PAUSED);
    }
    // 3 suggestions, one waits, one of three may be promoted.
    assertThat(StudyKernel.demand(study.state)).isEqualTo(5);
    study.send(new StudyCommand.Pause("by hand"));
    assertThat(StudyKernel.demand(study.state)).isZero();
  }

  @Test
  void shouldHoldSuggestionsReadyWhileManyRun() {
    StudyFixture study = StudyFixture.create(Plans.plan());
    assertThat(study.state.suggested()).hasSize(2);
    for (int i = 0; i < 20; i++) {
      study.grant();
    }
    assertThat(study.state.suggested()).hasSize(5);
  }

  @Test
  void shouldAskOnceForEverySuggestion() {
    StudyFixture study = new StudyFixture();
    study.suggesting = false;
    study.start(Plans.plan().trials(3));
    assertThat(study.effects).containsExactly(new StudyEffect.Ask(1, 2), new StudyEffect.Ask(2, 2));
    study.decline();
    assertThat(StudyKernel.demand(study.state)).isZero();
    assertThat(StudyKernel.unfinished(study.state))
        .containsExactly(new StudyEffect.Ask(1, 2), new StudyEffect.Ask(2, 2));
    study.send(new StudyCommand.Suggest(2, StudyFixture.assignment(2), "random"));
    study.again(new StudyCommand.Suggest(2, StudyFixture.assignment(7), "random"));
    assertThat(study.grant()).isEqualTo(new AttemptRef(2, 1));
    assertThat(study.trial(2).assignment()).isEqualTo(StudyFixture.assignment(2));
    assertThat(StudyKernel.unfinished(study.state))
        .containsExactly(new StudyEffect.Ask(1, 2), new StudyEffect.Ask(3, 6));
    study.suggest();
    assertThat(study.grant()).isEqualTo(new AttemptRef(1, 1));
    assertThat(StudyKernel.unfinished(study.state)).isEmpty();
  }

  @Test
  void shouldNotEndWhileASuggestionIsOpen() {
    StudyFixture study = new StudyFixture();
    study.suggesting = false;
    study.start(Plans.plan().trials(1));
    study.send(new StudyCommand.Tick());
    assertThat(study.state.status()).isEqualTo(StudyStatus.RUNNING);
  }

  /** Reserved at the lease, given back at the end. */
  @Test
  void shouldReserveAndGiveBackResource() {
    StudyFixture study = StudyFixture.create(Plans.plan().levels(3, 9, 3).resource(7));
    AttemptRef first = study.grant();
    AttemptRef second = study.grant();
    assertThat(study.state.resourceTaken()).isEqualTo(6);
    assertThat(study.state.resourceUsed()).isZero();
    study.decline(); // 6 + 3 > 7
    study.report(first, 1, 0.5);
    assertThat(study.state.resourceTaken()).isEqualTo(6);
    assertThat(study.state.resourceUsed()).isEqualTo(1);
    study.end(first, Cause.INFEASIBLE); // gives back 2 of 3
    assertThat(study.state.resourceTaken()).isEqualTo(4);
    study.grant();
    assertThat(study.state.resourceTaken()).isEqualTo(7);
    study.send(new StudyCommand.Release(new AttemptRef(second.trial(), 1), "REFUSED"));
    assertThat(study.state.resourceTaken()).isEqualTo(4);
  }

  @Test
  void shouldPayOnlyTheRestWhenATrialResumes() {
    StudyFixture study = StudyFixture.create(Plans.plan().levels(3, 9, 3).resource(4));
    AttemptRef attempt = study.grant();
    study.log(attempt, point(1, 0.5), point(2, 0.5), saved(2));
    study.end(attempt, Cause.PREEMPTED);
    assertThat(study.state.resourceTaken()).isEqualTo(2);
    study.grant();
    assertThat(study.state.resourceTaken()).isEqualTo(3);
  }

  @Test
  void shouldNotGoOnInPlaceBeyondTheResource() {
    StudyFixture four = StudyFixture.create(Plans.plan().resource(4));
    four.run(0.3);
    four.run(0.2);
    assertThat(four.report(four.grant(), 1, 0.1).kind()).isEqualTo(Order.Kind.PAUSE);
    StudyFixture five = StudyFixture.create(Plans.plan().resource(5));
    five.run(0.3);
    five.run(0.2);
    assertThat(five.report(five.grant(), 1, 0.1).kind()).isEqualTo(Order.Kind.CONTINUE);
    assertThat(five.state.resourceTaken()).isEqualTo(5);
  }

  /** A trainer that goes past its milestone spends what nobody reserved; it counts at once. */
  @Test
  void shouldCountWhatAnAttemptSpendsPastItsMilestone() {
    StudyFixture study = StudyFixture.create(Plans.plan().resource(5));
    AttemptRef attempt = study.grant();
    assertThat(study.report(attempt, 2, 0.5).kind()).isEqualTo(Order.Kind.PAUSE);
    study.report(attempt, 4, 0.5);
    assertThat(study.state.resourceTaken()).isEqualTo(4);
    study.grant();
    study.decline();
    study.end(attempt, Cause.PAUSED);
    assertThat(study.state.resourceTaken()).isEqualTo(5);
    assertThat(study.state.resourceUsed()).isEqualTo(4);
  }

  @Test
  void shouldAddOnlyTheRestWhenAnAttemptGoesOnPastItsMilestone() {
    // 1 + 1 are spent; the third trial is at 2, and 3 needs one more: 5 in all.
    StudyFixture study = StudyFixture.create(Plans.plan().resource(5));
    study.run(0.3);
    study.run(0.2);
    assertThat(study.report(study.grant(), 2, 0.1).kind()).isEqualTo(Order.Kind.CONTINUE);
    assertThat(study.state.resourceTaken()).isEqualTo(5);
  }

  /** 3 + 3 for the first two; the third went from 0 to 2, and from its checkpoint to 3: 3 more. */
  @Test
  void shouldAddOnlyTheRestWhenAResumedAttemptGoesOn() {
    StudyFixture study = StudyFixture.create(Plans.plan().levels(3, 9, 3).resource(15));
    study.run(0.3);
    study.run(0.2);
    AttemptRef attempt = study.grant();
    study.log(attempt, point(2, 0.1), saved(2));
    study.end(attempt, Cause.PREEMPTED);
    attempt = study.grant();
    assertThat(study.report(attempt, 3, 0.1).kind()).isEqualTo(Order.Kind.CONTINUE);
    assertThat(study.state.resourceTaken()).isEqualTo(15);
  }

  @Test
  void shouldEndWhenTheResourceCoversNothingMore() {
    StudyFixture study = StudyFixture.create(Plans.plan().levels(3, 9, 3).resource(7));
    study.run(0.5);
    study.run(0.4);
    assertThat(study.state.status()).isEqualTo(StudyStatus.ENDED);
    assertThat(study.state.endReason()).isEqualTo(EndReason.RESOURCE);
    assertThat(study.all(StudyStopping.class)).extracting(StudyStopping::now).containsOnly(false);
  }

  @Test
  void shouldEndByTheResourceWhenATrialThatWaitsIsNotCovered() {
    StudyFixture study = StudyFixture.create(Plans.plan().levels(3, 9, 3).trials(1).resource(4));
    AttemptRef attempt = study.grant();
    study.report(attempt, 2, 0.5);
    study.end(attempt, Cause.PREEMPTED);
    assertThat(study.state.status()).isEqualTo(StudyStatus.ENDED);
    assertThat(study.state.endReason()).isEqualTo(EndReason.RESOURCE);
    assertThat(study.status(1)).isEqualTo(TrialStatus.STOPPED);
    assertThat(study.last(TrialsClosed.class).trials())
        .containsExactly(new Closing(1, Optional.empty()));
  }

  @Test
  void shouldEndByTheResourceWhenAPromotionIsNotCovered() {
    StudyFixture study = StudyFixture.create(Plans.plan().trials(3).resource(4));
    study.run(0.1);
    study.run(0.2);
    study.run(0.3);
    assertThat(study.state.status()).isEqualTo(StudyStatus.ENDED);
    assertThat(study.state.endReason()).isEqualTo(EndReason.RESOURCE);
  }

  @Test
  void shouldStopAllWhenTheTargetIsReached() {
    StudyFixture study = StudyFixture.create(Plans.plan().levels(3, 9, 3).target(0.1));
    AttemptRef first = study.grant("n1");
    AttemptRef second = study.grant("n2");
    assertThat(study.report(second, 1, 0.1001)).isEqualTo(StudyFixture.NO_ORDER);
    study.effects.clear();
    // The report is answered as any other; the order to stop comes of its own.
    assertThat(study.report(first, 1, point(1, 0.1)).ackedSeq()).isEqualTo(1);
    Order stop = new Order(1, Order.Kind.STOP, 0, "the study ends: the target was reached");
    assertThat(study.effects)
        .containsExactly(new Tell("n1", first, stop), new Tell("n2", second, stop));
    assertThat(study.state.status()).isEqualTo(StudyStatus.STOPPING);
    assertThat(study.report(first, 2, point(3, 0.05)).order()).contains(stop);
    assertThat(study.all(StudyEvent.Judged.class)).isEmpty();
    study.report(first, 3, new Entry.Ended(Cause.STOPPED, ""));
    study.send(new StudyCommand.Lose(second, "silent"));
    assertThat(study.status(1)).isEqualTo(TrialStatus.STOPPED);
    assertThat(study.status(2)).isEqualTo(TrialStatus.STOPPED);
    assertThat(study.state.endReason()).isEqualTo(EndReason.TARGET);
    assertThat(study.state.status()).isEqualTo(StudyStatus.ENDED);
  }

  @Test
  void shouldReachATargetFromBelowWhenMoreIsBetter() {
    StudyFixture study = StudyFixture.create(Plans.plan().maximize().target(0.9));
    study.run(0.89);
    assertThat(study.state.status()).isEqualTo(StudyStatus.RUNNING);
    study.run(0.9);
    assertThat(study.state.endReason()).isEqualTo(EndReason.TARGET);
  }

  @Test
  void shouldReachATargetWhilePaused() {
    StudyFixture study = StudyFixture.create(Plans.plan().target(0.1));
    AttemptRef attempt = study.grant();
    study.send(new StudyCommand.Pause("by hand"));
    study.report(attempt, 1, 0.05);
    assertThat(study.state.status()).isEqualTo(StudyStatus.STOPPING);
  }

  @Test
  void shouldRunOutWhenTheTimeIsOver() {
    StudyFixture study = StudyFixture.create(Plans.plan().millis(500));
    AttemptRef attempt = study.grant();
    study.now = 1_499;
    study.send(new StudyCommand.Tick());
    assertThat(study.state.status()).isEqualTo(StudyStatus.RUNNING);
    study.now = 1_500;
    study.effects.clear();
    study.send(new StudyCommand.Tick());
    assertThat(study.state.status()).isEqualTo(StudyStatus.STOPPING);
    assertThat(study.effects).isEmpty();
    assertThat(study.report(attempt, 1, 0.5).kind()).isEqualTo(Order.Kind.PAUSE);
    study.end(attempt, Cause.PAUSED);
    assertThat(study.state.endReason()).isEqualTo(EndReason.TIME);
    assertThat(study.state.status()).isEqualTo(StudyStatus.ENDED);
  }

  @Test
  void shouldBeginNothingWhenTheTimeIsOver() {
    StudyFixture study = StudyFixture.create(Plans.plan().millis(500));
    study.run(0.3);
    study.run(0.2);
    AttemptRef attempt = study.grant();
    study.now = 1_500;
    // Best of three, but there is no time to go on.
    assertThat(study.report(attempt, 1, 0.1).kind()).isEqualTo(Order.Kind.PAUSE);
    study.decline();
  }

  @Test
  void shouldEndInTimeWhilePaused() {
    StudyFixture study = StudyFixture.create(Plans.plan().millis(500));
    study.send(new StudyCommand.Pause("by hand"));
    study.now = 2_000;
    study.send(new StudyCommand.Tick());
    assertThat(study.state.status()).isEqualTo(StudyStatus.ENDED);
  }

  @Test
  void shouldTrainEveryTrialToTheTopWithoutHalving() {
    StudyFixture study = StudyFixture.create(Plans.plan().halving("none").trials(2));
    assertThat(study.state.bracketOf(1).ladder().levels()).containsExactly(9L);
    for (double loss : new double[] {0.5, 0.9}) {
      AttemptRef attempt = study.grant();
      assertThat(study.report(attempt, 8, loss)).isEqualTo(StudyFixture.NO_ORDER);
      assertThat(study.report(attempt, 9, loss).kind()).isEqualTo(Order.Kind.STOP);
      study.end(attempt, Cause.STOPPED);
    }
    assertThat(study.state.count(TrialStatus.COMPLETED)).isEqualTo(2);
    assertThat(study.state.status()).isEqualTo(StudyStatus.ENDED);
  }

  @Test
  void shouldHaveOneRungWhenMinIsMax() {
    StudyFixture study = StudyFixture.create(Plans.plan().levels(9, 9, 3).trials(4));
    for (int i = 0; i < 4; i++) {
      assertThat(study.status(study.run(0.1 * i).trial())).isEqualTo(TrialStatus.COMPLETED);
    }
    assertThat(study.state.bracketOf(1).rungs()).hasSize(1);
    assertThat(study.state.status()).isEqualTo(StudyStatus.ENDED);
  }

  private static AttemptRef grantQuickly(StudyFixture study) {
    StudyReply reply = sendQuickly(study, new StudyCommand.Grant(study.slot("n1")));
    return ((StudyReply.Used) reply).attempt();
  }

  /** Without the fixture's comparisons, which cost too much for hundreds of trials. */
  private static StudyReply sendQuickly(StudyFixture study, StudyCommand command) {
    StudyKernel.Outcome outcome = StudyKernel.handle(study.state, command, study.now);
    study.events.addAll(outcome.events());
    for (int trial : List.copyOf(study.state.asked().keySet())) {
      sendQuickly(study, new StudyCommand.Suggest(trial, StudyFixture.assignment(trial), "random"));
    }
    return outcome.reply();
  }
}
