package dev.rung.study;

import static dev.rung.study.StudyFixture.saved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.halving.HalvingRules.Mode;
import dev.rung.study.StudyEvent.AttemptYielded;
import dev.rung.study.StudyEvent.Judged;
import dev.rung.study.StudyEvent.YieldAsked;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A study gives slots up that others have more right to. */
class YieldScenariosTest {
  private final StudyFixture study = StudyFixture.create(Plans.plan().trials(12).levels(1, 4, 2));

  private StudyReply yields(int slots, int soon) {
    return study.send(new StudyCommand.Yield(slots, soon, "study b waits"));
  }

  private TrialStatus status(AttemptRef attempt) {
    return study.trial(attempt.trial()).status();
  }

  /** The second of two is the better, and would go on in its slot. */
  @Test
  void shouldPauseInsteadOfGoingOnInPlaceAndKeepTheRightToGoOn() {
    study.run(0.5);
    AttemptRef better = study.grant();
    yields(1, 0);

    assertThat(study.report(better, 1, 0.1).kind()).isEqualTo(Order.Kind.PAUSE);
    assertThat(study.last(Judged.class).yields()).contains(true);
    assertThat(Reasons.of(study.last(Judged.class)))
        .isEqualTo(
            "paused, since another study needs the slot more: "
                + "value 0.1 at rung 1 ranks 1 of 2; only the best may go on");
    study.end(better, Cause.PAUSED);
    assertThat(study.state.toYield()).isZero();

    assertThat(study.grant().trial()).isEqualTo(better.trial());
  }

  @Test
  void shouldGiveUpNoMoreSlotsThanItWasAskedFor() {
    AttemptRef leaving = study.grant();
    AttemptRef staying = study.grant();
    yields(1, 0);

    // It is paused for its rank, and its slot is the one that is given up.
    assertThat(study.report(leaving, 1, 0.9).kind()).isEqualTo(Order.Kind.PAUSE);
    assertThat(study.last(Judged.class).yields()).isEmpty();
    assertThat(study.report(staying, 1, 0.1).kind()).isEqualTo(Order.Kind.CONTINUE);
  }

  @Test
  void shouldEndTheAttemptThatLosesLeastAfterItsNextCheckpoint() {
    StudyFixture deep = StudyFixture.create(Plans.plan().trials(12).levels(9, 27, 3));
    AttemptRef cheap = deep.grant();
    AttemptRef costly = deep.grant();
    deep.log(cheap, StudyFixture.point(5, 0.4), saved(5), StudyFixture.point(6, 0.4));
    deep.log(costly, StudyFixture.point(3, 0.4));
    StudyCommand yield = new StudyCommand.Yield(2, 1, "study b waits");
    deep.send(yield);

    StudyEffect.Tell told = (StudyEffect.Tell) deep.effects.get(deep.effects.size() - 1);
    assertThat(told.attempt()).isEqualTo(cheap);
    assertThat(told.order())
        .isEqualTo(new Order(1, Order.Kind.YIELD, 0, "gives its slot up, since study b waits"));

    // Said again it changes nothing.
    deep.send(yield);
    assertThat(deep.all(AttemptYielded.class)).hasSize(1);
    assertThat(deep.all(YieldAsked.class)).hasSize(1);

    deep.end(cheap, Cause.PAUSED);
    assertThat(deep.trial(cheap.trial()).status()).isEqualTo(TrialStatus.WAITING);
    assertThat(deep.grant().trial()).as("it goes on first").isEqualTo(cheap.trial());
  }

  /** It comes to its milestone before it has written a checkpoint. */
  @Test
  void shouldJudgeAnAttemptThatIsToEndSoon() {
    study.run(0.5);
    AttemptRef better = study.grant();
    yields(1, 1);
    assertThat(study.report(better, 1, 0.1).kind()).isEqualTo(Order.Kind.PAUSE);
    study.end(better, Cause.PAUSED);
    assertThat(status(better)).isEqualTo(TrialStatus.PAUSED);
  }

  @Test
  void shouldLetATrialThatOnlyHasNotToBeStoppedWaitForASlot() {
    StudyFixture stopping =
        StudyFixture.create(Plans.plan().trials(4).levels(1, 9, 3).mode(Mode.STOPPING));
    AttemptRef attempt = stopping.grant();
    stopping.send(new StudyCommand.Yield(1, 0, "study b waits"));

    Order order = stopping.report(attempt, 1, 0.3);

    assertThat(order)
        .isEqualTo(
            new Order(
                2,
                Order.Kind.YIELD,
                0,
                "gives its slot up, since another study needs the slot more"));
    assertThat(stopping.last(Judged.class).verdict()).isEqualTo(StudyEvent.Verdict.CONTINUE);
    assertThat(stopping.trial(1).lastAttempt().milestone()).isEqualTo(3);
    stopping.end(attempt, Cause.PAUSED);
    assertThat(stopping.trial(1).status()).isEqualTo(TrialStatus.WAITING);
  }

  @Test
  void shouldBeAskedForNoMoreThanItHas() {
    study.grant();
    yields(7, 0);
    assertThat(study.state.toYield()).isEqualTo(1);
    yields(0, 0);
    assertThat(study.state.toYield()).isZero();
    assertThat(study.all(YieldAsked.class)).extracting(YieldAsked::slots).isEqualTo(List.of(1, 0));
  }

  @Test
  void shouldSayWhatItCouldUseOnceMoreIsSuggested() {
    study.grant();
    ToDispatcher.Demand demand = Demands.of("study-1", study.state, study.now, java.util.Set.of());
    // Two assignments are ready, and 12 trials are the budget.
    assertThat(demand.count()).isEqualTo(2);
    assertThat(demand.more()).isEqualTo(9);
    StudyFixture narrow = StudyFixture.create(Plans.plan().trials(12).parallel(3));
    narrow.grant();
    assertThat(Demands.of("s", narrow.state, 0, java.util.Set.of()).more()).isZero();
  }
}
