package dev.rung.study;

import static dev.rung.study.StudyFixture.point;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.halving.Evidence;
import dev.rung.halving.HalvingRules.Mode;
import dev.rung.study.StudyEvent.AttemptEnded;
import dev.rung.study.StudyEvent.AttemptLeased;
import dev.rung.study.StudyEvent.Judged;
import dev.rung.study.StudyEvent.Verdict;
import java.util.Objects;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;

/** Stopping mode: nobody waits at a milestone. The rungs are 1, 3 and 9 with eta 3. */
class StoppingScenariosTest {
  private final StudyFixture study = StudyFixture.create(Plans.plan().mode(Mode.STOPPING));

  @Test
  void shouldLetTheFirstGoOnAtEveryRung() {
    AttemptRef first = study.grant();
    Order order = study.report(first, 1, 0.5);
    assertThat(order)
        .isEqualTo(
            new Order(
                1,
                Order.Kind.CONTINUE,
                3,
                "goes on in its slot: value 0.5 at rung 1 ranks 1 of 1; only the best may go on"));
    assertThat(study.last(Judged.class).evidence())
        .isEqualTo(new Evidence("asha, stopping", 0, 1, 0.5, 0, 1, 1, 1));
    assertThat(study.report(first, 3, 0.5).milestone()).isEqualTo(9);
    assertThat(study.report(first, 9, 0.5).kind()).isEqualTo(Order.Kind.STOP);
    study.end(first, Cause.STOPPED);
    assertThat(study.status(1)).isEqualTo(TrialStatus.COMPLETED);
  }

  @Test
  void shouldStopATrialThatIsNotAmongTheBest() {
    study.report(study.grant(), 1, 0.5);
    AttemptRef second = study.grant();
    Order order = study.report(second, 1, 0.6);
    assertThat(order.kind()).isEqualTo(Order.Kind.STOP);
    assertThat(order.reason())
        .isEqualTo("stopped: value 0.6 at rung 1 ranks 2 of 2; only the best may go on");
    assertThat(study.last(Judged.class).cause()).isEqualTo(Cause.STOPPED);
    study.end(second, Cause.STOPPED);
    assertThat(study.status(2)).isEqualTo(TrialStatus.STOPPED);
    assertThat(study.last(AttemptEnded.class).cause()).isEqualTo(Cause.STOPPED);
  }

  @Test
  void shouldTellTrainersNotToWait() {
    StudyFixture fresh = new StudyFixture();
    fresh.suggesting = false;
    fresh.start(Plans.plan().mode(Mode.STOPPING));
    fresh.send(
        new StudyCommand.Suggest(
            1, fresh.state.plan().searcher().suggest(1).orElseThrow(), "random"));
    fresh.grant();
    assertThat(RunOrders.of(fresh.state, Objects.requireNonNull(fresh.lastStart())).goOn())
        .isTrue();
  }

  /** It trained on while its directive was under way: those points are kept, and decide nothing. */
  @Test
  void shouldKeepWhatAStoppedTrialReportsUntilItEnds() {
    study.report(study.grant(), 1, 0.5);
    AttemptRef second = study.grant();
    assertThat(study.log(second, point(1, 0.6), point(2, 0.1), point(3, 0.1)).kind())
        .isEqualTo(Order.Kind.STOP);
    assertThat(study.all(Judged.class)).hasSize(2);
    assertThat(study.state.bracketOf(1).rungs().get(1).contains(2)).isFalse();
    assertThat(study.trial(2).lastAttempt().ackedSeq()).isEqualTo(3);
  }

  /** One batch that crosses two milestones one after another is judged at both. */
  @Test
  void shouldJudgeEveryMilestoneOfOneBatch() {
    AttemptRef first = study.grant();
    study.log(first, point(1, 0.5), point(2, 0.4), point(3, 0.3));
    assertThat(study.all(Judged.class))
        .extracting(Judged::step, Judged::verdict)
        .containsExactly(Tuple.tuple(1L, Verdict.CONTINUE), Tuple.tuple(3L, Verdict.CONTINUE));
  }

  @Test
  void shouldStopAValueThatIsNotFinite() {
    AttemptRef first = study.grant();
    assertThat(study.report(first, 1, Double.NaN).kind()).isEqualTo(Order.Kind.STOP);
    assertThat(study.last(Judged.class).cause()).isEqualTo(Cause.DIVERGED);
  }

  @Test
  void shouldPauseAtTheMilestoneWhileTheStudyIsPausedAndGoOnAfterwards() {
    AttemptRef first = study.grant();
    study.send(new StudyCommand.Pause("by hand"));
    assertThat(study.report(first, 1, 0.5).kind()).isEqualTo(Order.Kind.PAUSE);
    study.end(first, Cause.PAUSED);
    study.send(new StudyCommand.Resume());
    assertThat(study.grant()).isEqualTo(new AttemptRef(1, 2));
    assertThat(study.last(AttemptLeased.class).milestone()).isEqualTo(3);
  }

  @Test
  void shouldPauseAtTheMilestoneWhereTheBudgetDoesNotPayForTheNextRung() {
    StudyFixture poor = StudyFixture.create(Plans.plan().mode(Mode.STOPPING).resource(2));
    AttemptRef first = poor.grant();
    assertThat(poor.report(first, 1, 0.5).kind()).isEqualTo(Order.Kind.PAUSE);
  }

  @Test
  void shouldStartALostTrialAgainOnItsWayToTheNextRung() {
    AttemptRef first = study.grant();
    study.log(first, StudyFixture.saved(1), point(1, 0.5));
    study.send(new StudyCommand.Lose(first, "silent"));
    assertThat(study.grant()).isEqualTo(new AttemptRef(1, 2));
    assertThat(study.last(AttemptLeased.class))
        .extracting(AttemptLeased::startStep, AttemptLeased::milestone)
        .containsExactly(1L, 3L);
  }
}
