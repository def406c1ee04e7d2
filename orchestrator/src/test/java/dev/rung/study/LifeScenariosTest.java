package dev.rung.study;

import static dev.rung.study.StudyFixture.point;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.study.StudyCommand.Create;
import dev.rung.study.StudyCommand.Pause;
import dev.rung.study.StudyCommand.Resume;
import dev.rung.study.StudyCommand.Stop;
import dev.rung.study.StudyEffect.Tell;
import dev.rung.study.StudyEvent.StudyEnded;
import dev.rung.study.StudyEvent.StudyPaused;
import dev.rung.study.StudyEvent.StudyResumed;
import dev.rung.study.StudyEvent.StudyStopping;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What people do to a study, in every state that it may be in. */
class LifeScenariosTest {
  private static final Pause PAUSE = new Pause("by hand");
  private static final Stop STOP = new Stop(EndReason.STOPPED, false);
  private static final Stop CANCEL = new Stop(EndReason.CANCELLED, true);

  private final StudyFixture study = StudyFixture.create(Plans.plan().levels(3, 9, 3));

  @Test
  void shouldBeginWithItsLadder() {
    assertThat(study.events.subList(0, 2))
        .containsExactly(
            new StudyEvent.StudyCreated(
                1, 1_000, "study-1", Plans.plan().levels(3, 9, 3).build(), "the file"),
            new StudyEvent.LadderSet(
                2, 1_000, 1, List.of(3L, 9L), "the ladder as written", Optional.empty()));
    assertThat(study.state.study()).isEqualTo("study-1");
    assertThat(study.state.createdAt()).isEqualTo(1_000);
    assertThat(study.state.status()).isEqualTo(StudyStatus.RUNNING);
  }

  @Test
  void shouldAcceptTheSameCreationTwice() {
    Create same = new Create("study-1", Plans.plan().build(), "the file");
    study.again(same);
    assertThat(study.send(same)).isEqualTo(new StudyReply.Done());
    assertThat(study.send(new Create("study-1", Plans.plan().build(), "another file")))
        .isEqualTo(
            new StudyReply.Rejected(
                ErrorCode.ALREADY_EXISTS, "the key was used for another study file before"));
  }

  @Test
  void shouldNotBeFoundBeforeItsCreation() {
    StudyFixture none = new StudyFixture();
    for (StudyCommand command :
        List.of(
            PAUSE,
            new Resume(),
            STOP,
            new StudyCommand.Tick(),
            new StudyCommand.Grant(none.slot("n1")),
            new StudyCommand.Attach("n1", 1, "s", List.of()),
            new StudyCommand.Report(new AttemptRef(1, 1), 1, List.of(point(1, 0.5))))) {
      assertThat(none.send(command))
          .isEqualTo(new StudyReply.Rejected(ErrorCode.NOT_FOUND, "there is no such study"));
    }
    assertThat(none.events).isEmpty();
    assertThat(StudyKernel.demand(none.state)).isZero();
  }

  @Test
  void shouldAskForTheSuggestionsOfAllFreeSlotsTogether() {
    study.suggesting = false;
    StudyFixture bounded = StudyFixture.create(Plans.plan().trials(4));
    // Two suggestions are held ready anyway.
    assertThat(study.state.suggested()).hasSize(2);
    study.send(new StudyCommand.Foresee(6));
    assertThat(study.state.asked().keySet()).containsExactly(3, 4, 5, 6);
    study.send(new StudyCommand.Foresee(6));
    assertThat(study.state.asked()).hasSize(4);
    study.send(new StudyCommand.Foresee(1_000_000));
    assertThat(study.state.asked()).hasSize(Settling.MOST_FORESEEN - 2);

    bounded.send(new StudyCommand.Foresee(100));
    assertThat(bounded.state.suggested().keySet()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void shouldAskForNoMoreThanItMayRun() {
    StudyFixture parallel = StudyFixture.create(Plans.plan().parallel(5));
    parallel.grant();
    parallel.send(new StudyCommand.Foresee(9));
    assertThat(parallel.state.suggested()).hasSize(4);
    parallel.send(PAUSE);
    int events = parallel.events.size();
    assertThat(parallel.send(new StudyCommand.Foresee(9))).isEqualTo(new StudyReply.Done());
    assertThat(parallel.events).hasSize(events);
  }

  @Test
  void shouldUseASlotOnce() {
    StudyCommand.Grant grant = new StudyCommand.Grant(study.slot("n1"));
    StudyReply reply = study.send(grant);
    StudyEffect.Start start = study.lastStart();
    study.effects.clear();
    study.again(grant);
    assertThat(study.send(grant)).isEqualTo(reply);
    assertThat(study.effects).containsExactly(start, start);
    assertThat(study.state.usedBy(grant.slot())).isEqualTo(new AttemptRef(1, 1));
    study.end(new AttemptRef(1, 1), Cause.PREEMPTED);
    assertThat(study.state.usedBy(grant.slot())).isNull();
  }

  @Test
  void shouldHandOutNothingWhilePaused() {
    AttemptRef attempt = study.grant();
    study.send(PAUSE);
    study.again(PAUSE);
    study.again(new Pause("another reason"));
    assertThat(study.state.reason()).isEqualTo("by hand");
    study.decline();
    // What runs goes on to its milestone.
    assertThat(study.report(attempt, 1, 0.5)).isEqualTo(StudyFixture.NO_ORDER);
    assertThat(study.report(attempt, 3, 0.5).kind()).isEqualTo(Order.Kind.PAUSE);
    study.end(attempt, Cause.PAUSED);
    assertThat(study.state.status()).isEqualTo(StudyStatus.PAUSED);
    study.send(new Resume());
    study.again(new Resume());
    assertThat(study.state.status()).isEqualTo(StudyStatus.RUNNING);
    assertThat(study.state.reason()).isEmpty();
    study.grant();
    assertThat(study.all(StudyPaused.class)).hasSize(1);
    assertThat(study.all(StudyResumed.class)).hasSize(1);
  }

  @Test
  void shouldNotGoOnInPlaceWhilePaused() {
    study.run(0.3);
    study.run(0.2);
    AttemptRef attempt = study.grant();
    study.send(PAUSE);
    assertThat(study.report(attempt, 3, 0.1).kind()).isEqualTo(Order.Kind.PAUSE);
    study.end(attempt, Cause.PAUSED);
    study.send(new Resume());
    assertThat(study.grant()).isEqualTo(new AttemptRef(3, 2));
  }

  @Test
  void shouldTakeSuggestionsWhilePaused() {
    StudyFixture held = new StudyFixture();
    held.suggesting = false;
    held.start(Plans.plan());
    held.send(PAUSE);
    held.suggest();
    assertThat(held.state.suggested()).hasSize(2);
    assertThat(held.state.asked()).isEmpty();
  }

  @Test
  void shouldRunOutOnStop() {
    AttemptRef attempt = study.grant();
    study.effects.clear();
    assertThat(study.send(STOP)).isEqualTo(new StudyReply.Done());
    study.again(STOP);
    assertThat(study.effects).isEmpty();
    assertThat(study.state.status()).isEqualTo(StudyStatus.STOPPING);
    assertThat(study.state.reason()).isEqualTo("it was stopped");
    study.decline();
    assertThat(study.report(attempt, 3, 0.5).kind()).isEqualTo(Order.Kind.PAUSE);
    study.end(attempt, Cause.PAUSED);
    assertThat(study.state.status()).isEqualTo(StudyStatus.ENDED);
    assertThat(study.state.endReason()).isEqualTo(EndReason.STOPPED);
    assertThat(study.status(1)).isEqualTo(TrialStatus.STOPPED);
  }

  @Test
  void shouldTellAllToStopOnCancel() {
    AttemptRef first = study.grant("n1");
    AttemptRef second = study.grant("n2");
    AttemptRef paused = study.grant("n3");
    study.report(paused, 3, 0.5);
    study.effects.clear();
    assertThat(study.send(CANCEL)).isEqualTo(new StudyReply.Done());
    Order stop = new Order(1, Order.Kind.STOP, 0, "the study ends: it was cancelled");
    // The third was told to pause already, and ends by that.
    assertThat(study.effects)
        .containsExactly(new Tell("n1", first, stop), new Tell("n2", second, stop));
    study.again(CANCEL);
    // Also told at every report and every new session.
    assertThat(study.report(first, 1, 0.5)).isEqualTo(stop);
    StudyReply reply = study.send(new StudyCommand.Attach("n2", 1, "s2", List.of(second)));
    assertThat(reply).isEqualTo(new StudyReply.Attached(Map.of(second, 0L), Map.of(second, stop)));
    study.end(first, Cause.STOPPED);
    study.end(second, Cause.STOPPED);
    assertThat(study.state.status()).isEqualTo(StudyStatus.STOPPING);
    study.end(paused, Cause.PAUSED);
    assertThat(study.state.status()).isEqualTo(StudyStatus.ENDED);
    assertThat(study.state.endReason()).isEqualTo(EndReason.CANCELLED);
    assertThat(study.trial(1).lastAttempt().cause()).isEqualTo(Cause.STOPPED);
    assertThat(study.state.count(TrialStatus.STOPPED)).isEqualTo(3);
    study.again(CANCEL);
    study.again(STOP);
  }

  @Test
  void shouldNumberTheOrderToStopAfterThatToGoOn() {
    study.run(0.3);
    study.run(0.2);
    AttemptRef attempt = study.grant();
    assertThat(study.report(attempt, 3, 0.1).number()).isEqualTo(1);
    study.effects.clear();
    study.send(CANCEL);
    assertThat(((Tell) study.effects.get(0)).order().number()).isEqualTo(2);
    assertThat(study.report(attempt, 4, 0.1).number()).isEqualTo(2);
  }

  @Test
  void shouldCancelWhatIsAboutToStop() {
    AttemptRef attempt = study.grant();
    study.send(STOP);
    study.effects.clear();
    study.send(CANCEL);
    assertThat(study.effects).hasSize(1);
    assertThat(study.state.endReason()).isEqualTo(EndReason.CANCELLED);
    study.again(CANCEL);
    study.again(STOP);
    study.end(attempt, Cause.STOPPED);
    assertThat(study.all(StudyEnded.class))
        .extracting(StudyEnded::reason)
        .containsExactly(EndReason.CANCELLED);
  }

  @Test
  void shouldTellAllToStopOnceEvenWithoutACancel() {
    study.grant();
    Stop now = new Stop(EndReason.STOPPED, true);
    study.send(now);
    study.again(now);
    assertThat(study.all(StudyStopping.class)).hasSize(1);
  }

  @Test
  void shouldStopFromAPause() {
    study.run(0.5);
    study.send(PAUSE);
    study.send(STOP);
    assertThat(study.state.status()).isEqualTo(StudyStatus.ENDED);
    assertThat(study.status(1)).isEqualTo(TrialStatus.STOPPED);
    assertThat(study.state.suggested()).isEmpty();
  }

  @Test
  void shouldCloseATrialThatWaitsWhenTheStudyEnds() {
    study.end(study.grant(), Cause.PREEMPTED);
    study.send(STOP);
    assertThat(study.status(1)).isEqualTo(TrialStatus.STOPPED);
    assertThat(study.state.waiting()).isEmpty();
  }

  @Test
  void shouldEndWhenTheLastAttemptIsReleased() {
    AttemptRef attempt = study.grant();
    study.send(STOP);
    study.send(new StudyCommand.Release(attempt, "REFUSED"));
    assertThat(study.state.status()).isEqualTo(StudyStatus.ENDED);
    assertThat(study.status(1)).isEqualTo(TrialStatus.STOPPED);
  }

  @Test
  void shouldRefuseToPauseAndResumeWhatIsAboutToEndOrHasEnded() {
    AttemptRef attempt = study.grant();
    study.send(STOP);
    assertThat(study.send(PAUSE)).isEqualTo(conflict("pause", "is about to end"));
    assertThat(study.send(new Resume())).isEqualTo(conflict("resume", "is about to end"));
    study.end(attempt, Cause.STOPPED);
    assertThat(study.send(PAUSE)).isEqualTo(conflict("pause", "has ended"));
    assertThat(study.send(new Resume())).isEqualTo(conflict("resume", "has ended"));
    study.again(STOP);
  }

  private static StudyReply conflict(String verb, String state) {
    return new StudyReply.Rejected(
        ErrorCode.CONFLICT,
        "expected a running study to %s, but this one %s: it was stopped".formatted(verb, state));
  }

  @Test
  void shouldHandOutNothingOnceEnded() {
    study.send(STOP);
    study.decline();
    study.again(new StudyCommand.Suggest(3, StudyFixture.assignment(3), "random"));
    study.again(new StudyCommand.Tick());
  }

  @Test
  void shouldNeverLetItsTimeRunBackwards() {
    study.now = 5_000;
    study.grant();
    study.now = 4_000;
    study.grant();
    assertThat(study.state.lastTime()).isEqualTo(5_000);
    assertThat(study.events.get(study.events.size() - 1).time()).isEqualTo(5_000);
  }

  @Test
  void shouldApplyEveryEventOnce() {
    StudyState copy = new StudyState();
    for (StudyEvent event : study.events) {
      copy.evolve(event);
      copy.evolve(event);
    }
    study.events.forEach(copy::evolve);
    assertThat(States.describe(copy)).isEqualTo(States.describe(study.state));
  }

  @Test
  void shouldRefuseAGapBetweenEvents() {
    StudyState copy = new StudyState();
    copy.evolve(study.events.get(0));
    assertThatThrownBy(() -> copy.evolve(study.events.get(2)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("expected event 2 of study study-1, but came 3");
  }

  @Test
  void shouldSummarise() {
    study.run(0.5);
    study.run(0.4);
    study.grant();
    StudySummary summary = StudySummary.of(study.state);
    assertThat(summary.trials()).isEqualTo(Map.of(TrialStatus.PAUSED, 2, TrialStatus.RUNNING, 1));
    assertThat(summary.rungs())
        .containsExactly(
            new StudySummary.RungSummary(
                3, 2, 0, Optional.empty(), Optional.of("the ladder as written")),
            new StudySummary.RungSummary(9, 0, 0));
    assertThat(summary.bestAssignment()).isEqualTo(StudyFixture.assignment(2));
    assertThat(summary.resourceUsed()).isEqualTo(6);
    assertThat(summary.resourceFull()).isEqualTo(27);
    assertThat(summary.event()).isEqualTo(study.state.lastNumber());
  }

  @Test
  void shouldDescribeEveryPartOfAState() {
    String before = States.describe(study.state);
    assertThat(before).contains("status = RUNNING", "lastNumber = 6", "Rung(");
    study.grant();
    assertThat(States.describe(study.state)).isNotEqualTo(before).contains("Trial(number=1");
  }
}
