package dev.rung.study;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.space.Parameter.IntParameter;
import dev.rung.space.SearchSpace;
import dev.rung.study.StudyEvent.PlanChanged;
import dev.rung.study.StudyEvent.TrialPromoted;
import dev.rung.study.StudyEvent.TrialsClosed;
import dev.rung.study.StudyPlan.Objective;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a person may change of a study that lives or has ended, and what follows. */
class ChangingScenariosTest {

  private static Plans asha() {
    return Plans.plan().space(new IntParameter("k", 1, 1_000, false, 1));
  }

  private static StudyReply change(StudyFixture study, StudyPlan plan) {
    return study.send(new StudyCommand.Change(plan, false));
  }

  private static void assertRefused(StudyReply reply, ErrorCode code, String text) {
    assertThat(reply)
        .isInstanceOfSatisfying(
            StudyReply.Rejected.class,
            rejected -> {
              assertThat(rejected.code()).isEqualTo(code);
              assertThat(rejected.message()).contains(text);
            });
  }

  private static StudyPlan over(StudyPlan plan, long min, long max) {
    return plan.over(new SearchSpace(List.of(new IntParameter("k", min, max, false, 1))));
  }

  /** Three trials, the best of which trains to 3; then nothing is left to do. */
  private static StudyFixture ended() {
    StudyFixture study = StudyFixture.create(asha().trials(3));
    study.run(0.3);
    study.run(0.2);
    AttemptRef best = study.grant();
    assertThat(study.report(best, 1, 0.1).kind()).isEqualTo(Order.Kind.CONTINUE);
    study.report(best, 3, 0.1);
    study.end(best, Cause.PAUSED);
    assertThat(study.state.status()).isEqualTo(StudyStatus.ENDED);
    return study;
  }

  @Test
  void shouldGoOnWithMoreTrialsWhenBudgetIsAddedAfterTheEnd() {
    StudyFixture study = ended();
    int before = study.events.size();

    change(study, asha().trials(6).build());

    assertThat(study.state.status()).isEqualTo(StudyStatus.RUNNING);
    assertThat(study.last(PlanChanged.class).change()).isEqualTo("budget.trials from 3 to 6");
    assertThat(study.state.newestChange()).isEqualTo("budget.trials from 3 to 6");
    assertThat(study.status(1)).isEqualTo(TrialStatus.PAUSED);
    assertThat(study.status(3)).isEqualTo(TrialStatus.PAUSED);
    assertThat(study.grant()).isEqualTo(new AttemptRef(4, 1));
    assertThat(study.grant()).isEqualTo(new AttemptRef(5, 1));
    assertThat(study.grant()).isEqualTo(new AttemptRef(6, 1));
    study.decline();
    assertThat(study.events.subList(before, study.events.size()))
        .noneMatch(StudyEvent.StudyEnded.class::isInstance);
  }

  @Test
  void shouldCountOnlyTrialsThatHadASlotWhenTheStudyGoesOn() {
    StudyFixture study = StudyFixture.create(asha().trials(8).target(0.1));
    study.run(0.05);
    assertThat(study.state.status()).isEqualTo(StudyStatus.ENDED);

    change(study, asha().trials(3).build());

    // The suggestions that the end dropped took two numbers, which are given once more.
    assertThat(study.grant()).isEqualTo(new AttemptRef(2, 1));
    assertThat(study.grant()).isEqualTo(new AttemptRef(3, 1));
    study.decline();
  }

  @Test
  void shouldStayEndedWhenNothingIsLeftToDoAfterTheChange() {
    StudyFixture study = ended();
    StudyPlan plan = asha().trials(3).build();

    change(study, withEta(plan, 4));

    assertThat(study.last(PlanChanged.class).change()).isEqualTo("algorithm.eta from 3 to 4");
    assertThat(study.state.status()).isEqualTo(StudyStatus.ENDED);
  }

  @Test
  void shouldGoOnWhenTheBudgetGrowsWhileTheStudyRunsOut() {
    StudyFixture study = StudyFixture.create(asha().millis(100));
    AttemptRef running = study.grant();
    study.now += 200;
    study.send(new StudyCommand.Tick());
    assertThat(study.state.status()).isEqualTo(StudyStatus.STOPPING);

    change(study, asha().millis(10_000).build());

    assertThat(study.state.status()).isEqualTo(StudyStatus.RUNNING);
    study.report(running, 1, 0.5);
    assertThat(study.grant().trial()).isEqualTo(2);
  }

  @Test
  void shouldNotGoOnWhenAPersonStopsTheStudy() {
    StudyFixture study = StudyFixture.create(asha().trials(9));
    AttemptRef running = study.grant();
    study.send(new StudyCommand.Stop(EndReason.STOPPED, false));

    change(study, asha().trials(20).build());

    assertThat(study.state.status()).isEqualTo(StudyStatus.STOPPING);
    study.report(running, 1, 0.5);
    study.end(running, Cause.PAUSED);
    assertThat(study.state.status()).isEqualTo(StudyStatus.ENDED);
  }

  @Test
  void shouldRefuseWhatStaysAndSayWhatMayChange() {
    StudyFixture study = StudyFixture.create(asha());

    assertRefused(change(study, asha().seed(2).build()), ErrorCode.INVALID, "algorithm.eta");
    assertRefused(change(study, asha().maximize().build()), ErrorCode.INVALID, "the budget");
    assertRefused(change(study, asha().levels(2, 9, 3).build()), ErrorCode.INVALID, "budget");
    assertThat(study.all(PlanChanged.class)).isEmpty();
  }

  @Test
  void shouldRefuseALowerMax() {
    StudyFixture study = StudyFixture.create(asha());

    assertRefused(
        change(study, asha().levels(1, 3, 3).build()),
        ErrorCode.CONFLICT,
        "resource.max: expected 9 or more");
  }

  @ParameterizedTest
  @ValueSource(strings = {"hyperband", "population", "none"})
  void shouldRefuseAnotherMaxWhereTheRuleCannotGoOn(String rule) {
    StudyFixture study = StudyFixture.create(asha().halving(rule));

    assertRefused(
        change(study, asha().halving(rule).levels(1, 27, 3).build()),
        ErrorCode.CONFLICT,
        "but the rule is " + rule);
  }

  @ParameterizedTest
  @ValueSource(strings = {"hyperband", "population", "none", "median"})
  void shouldRefuseAnotherEtaWhereTheRuleHasNoUseOfIt(String rule) {
    StudyFixture study = StudyFixture.create(asha().halving(rule));

    assertRefused(
        change(study, asha().halving(rule).levels(1, 9, 4).build()),
        ErrorCode.CONFLICT,
        "algorithm.eta: expected a rule of asha, auto, cost-aware, pasha, but the rule is " + rule);
  }

  @Test
  void shouldRefuseAnotherMaxWhileTheFirstTrialsProbe() {
    StudyFixture study = StudyFixture.create(asha().halving("auto").levels(1, 27, 3));

    assertRefused(
        change(study, asha().halving("auto").levels(1, 81, 3).build()),
        ErrorCode.CONFLICT,
        "still probe");
  }

  @Test
  void shouldRefuseAChangeOfAPlanThatIsNotTheOneOfNow() {
    StudyFixture study = StudyFixture.create(asha().trials(9));
    StudyPlan seen = study.state.plan();
    change(study, asha().trials(10).build());

    StudyReply late =
        study.send(
            new StudyCommand.Change(
                asha().trials(9).parallel(2).build(), false, Optional.of(seen), Optional.empty()));

    assertRefused(late, ErrorCode.CONFLICT, "changed meanwhile");
  }

  @Test
  void shouldChangeNothingWhenTheSameChangeComesTwice() {
    StudyFixture study = StudyFixture.create(asha().trials(9));
    StudyPlan seen = study.state.plan();
    var change =
        new StudyCommand.Change(
            asha().trials(10).build(), true, Optional.of(seen), Optional.of("the text"));
    study.send(change);

    study.again(change);

    assertThat(study.last(PlanChanged.class).source()).hasValue("the text");
  }

  /**
   * Of six trials at rung 1 with eta 3 two go on. With eta 4 the quota is floor(n / 4), so a third
   * goes on only when twelve are there.
   */
  @Test
  void shouldLetPromotionsStandWhenEtaGrowsAndPromoteNoneUntilTheShareAllowsIt() {
    StudyFixture study = StudyFixture.create(asha().delayed());
    for (int i = 0; i < 6; i++) {
      study.run(0.9 - i * 0.01);
    }
    int promoted = study.all(TrialPromoted.class).size() + continued(study);
    assertThat(promoted).isEqualTo(2);

    change(study, withEta(study.state.plan(), 4));

    assertThat(study.state.brackets().get(0).ladder().version()).isEqualTo(2);
    assertThat(study.state.brackets().get(0).ladder().levels()).containsExactly(1L, 3L, 9L);
    for (int n = 7; n <= 12; n++) {
      study.run(0.9 - n * 0.01);
      int now = study.all(TrialPromoted.class).size() + continued(study);
      // Two stand, and floor(n / 4) is above two from n = 12 on only.
      assertThat(now).as("n = %d", n).isEqualTo(n < 12 ? 2 : 3);
    }
  }

  private static int continued(StudyFixture study) {
    return (int)
        study.all(StudyEvent.Judged.class).stream()
            .filter(judged -> judged.evidence().rung() == 0)
            .filter(judged -> judged.verdict() == StudyEvent.Verdict.CONTINUE)
            .count();
  }

  @ParameterizedTest
  @CsvSource({"27, '1,3,9,27'", "20, '1,3,9,20'", "81, '1,3,9,27,81'"})
  void shouldGoOnWithTheBestOfTheFormerTopWhenMaxGrows(long max, String levels) {
    StudyFixture study = StudyFixture.create(asha().trials(1).levels(9, 9, 3));
    AttemptRef first = study.grant();
    assertThat(study.report(first, 9, 0.5).kind()).isEqualTo(Order.Kind.STOP);
    study.end(first, Cause.STOPPED);
    assertThat(study.status(1)).isEqualTo(TrialStatus.COMPLETED);
    StudyPlan plan = asha().trials(3).levels(9, max, 3).build();

    change(study, plan);

    assertThat(levels).endsWith("," + max);
    assertThat(study.status(1)).isEqualTo(TrialStatus.PAUSED);
    assertThat(study.run(0.6).trial()).isEqualTo(2);
    AttemptRef third = study.run(0.7);
    assertThat(third.trial()).isEqualTo(3);
    AttemptRef best = study.grant();
    assertThat(best).isEqualTo(new AttemptRef(1, 2));
    assertThat(study.trial(1).lastAttempt().milestone()).isEqualTo(Math.min(27, max));
  }

  @Test
  void shouldKeepTrialsOutsideANarrowedSpaceAndSuggestFromTheNewOne() {
    StudyFixture study = StudyFixture.create(asha().trials(9));
    study.run(0.5);

    change(study, over(study.state.plan(), 5, 50));

    assertThat(study.status(1)).isEqualTo(TrialStatus.PAUSED);
    assertThat(study.last(PlanChanged.class).change()).isEqualTo("the space");
    assertThat(study.grant().trial()).isEqualTo(2);
  }

  @Test
  void shouldCloseTrialsOutsideWhenTheyAreToBeDropped() {
    StudyFixture study = StudyFixture.create(asha().trials(9));
    study.run(0.5);
    study.run(0.4);
    AttemptRef running = study.grant();

    study.send(new StudyCommand.Change(over(study.state.plan(), 2, 50), true));

    assertThat(study.last(TrialsClosed.class).reason()).contains("outside the space");
    assertThat(study.status(1)).isEqualTo(TrialStatus.STOPPED);
    assertThat(study.status(2)).isEqualTo(TrialStatus.PAUSED);
    assertThat(study.status(running.trial())).isEqualTo(TrialStatus.RUNNING);
  }

  @Test
  void shouldDropSuggestionsOutsideTooAndAskForOthers() {
    StudyFixture study = StudyFixture.create(asha().trials(9));
    assertThat(study.state.suggested()).containsOnlyKeys(1, 2);

    study.send(new StudyCommand.Change(over(study.state.plan(), 2, 50), true));

    assertThat(study.state.suggested()).containsOnlyKeys(2, 3);
  }

  @Test
  void shouldNotBringDroppedTrialsBackWhenTheStudyGoesOn() {
    StudyFixture study = StudyFixture.create(asha().trials(2));
    study.run(0.5);
    study.send(new StudyCommand.Change(over(study.state.plan(), 2, 50), true));
    study.run(0.4);
    assertThat(study.state.status()).isEqualTo(StudyStatus.ENDED);

    change(study, over(asha().trials(5).build(), 2, 50));

    assertThat(study.status(1)).isEqualTo(TrialStatus.STOPPED);
    assertThat(study.status(2)).isEqualTo(TrialStatus.PAUSED);
  }

  @Test
  void shouldRefuseASpaceOfOtherParameters() {
    StudyFixture study = StudyFixture.create(asha());
    StudyPlan other =
        study
            .state
            .plan()
            .over(
                new SearchSpace(
                    List.of(
                        new IntParameter("k", 1, 9, false, 1),
                        new IntParameter("l", 1, 9, false, 1))));

    assertRefused(change(study, other), ErrorCode.CONFLICT, "space: expected the parameters [k]");
  }

  @Test
  void shouldKeepAScoreAfterTheEndAndJudgeByItWhenTheStudyGoesOn() {
    StudyFixture study = new StudyFixture();
    study.startWith(scored(asha().trials(1).build()));
    AttemptRef first = study.grant();
    study.log(first, StudyFixture.point(1, 0.5));
    study.end(first, Cause.PAUSED);
    assertThat(study.status(1)).isEqualTo(TrialStatus.AWAITING_METRIC);
    study.send(new StudyCommand.Stop(EndReason.STOPPED, true));
    assertThat(study.state.status()).isEqualTo(StudyStatus.ENDED);

    study.send(put(0.25, false));

    assertThat(study.state.status()).isEqualTo(StudyStatus.ENDED);
    assertThat(best(study).metrics()).containsEntry("loss", 0.25);
    assertThat(study.state.brackets().get(0).rungs().get(0).size()).isZero();

    study.send(put(0.75, true));
    assertThat(best(study).metrics()).as("replaced").containsEntry("loss", 0.75);

    change(study, scored(asha().trials(2).build()));
    assertThat(study.status(1)).isEqualTo(TrialStatus.PAUSED);
    assertThat(study.state.brackets().get(0).rungs().get(0).loss(1)).isEqualTo(0.75);
  }

  private static StudyView.Best best(StudyFixture study) {
    return Objects.requireNonNull(study.state.best());
  }

  private static StudyCommand put(double value, boolean replace) {
    return new StudyCommand.PutMetric(1, "loss", value, OptionalLong.empty(), replace);
  }

  /** The first objective comes from outside; trainers send "trained". */
  private static StudyPlan scored(StudyPlan p) {
    return new StudyPlan(
        p.name(),
        List.of(
            new Objective(
                "loss",
                StudyPlan.Goal.MINIMIZE,
                StudyPlan.Take.LAST,
                Optional.of(StudyPlan.Source.EXTERNAL))),
        p.resource(),
        p.budget(),
        p.algorithm(),
        p.space(),
        p.trainer(),
        p.seed());
  }

  private static StudyPlan withEta(StudyPlan p, int eta) {
    return new StudyPlan(
        p.name(),
        p.objectives(),
        p.resource(),
        p.budget(),
        p.algorithm().with(eta),
        p.space(),
        p.trainer(),
        p.seed(),
        p.constraints(),
        p.priority(),
        p.enqueued(),
        p.weight());
  }
}
