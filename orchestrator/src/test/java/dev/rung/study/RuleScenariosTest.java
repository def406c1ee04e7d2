package dev.rung.study;

import static dev.rung.study.StudyFixture.point;
import static dev.rung.study.StudyFixture.saved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.halving.Ladder;
import dev.rung.halving.Rung;
import dev.rung.study.StudyEvent.Judged;
import dev.rung.study.StudyEvent.LadderSet;
import dev.rung.study.StudyEvent.Verdict;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rules whose ladders, brackets and trials are more than a rung after the other. */
class RuleScenariosTest {

  /** Levels 1, 3, 9, 27, 81; trials start at 3, and probes are carried on to 9. */
  @Test
  void shouldCarryProbesToTheReferenceAndThenStartWhereValuesAgree() {
    StudyFixture study =
        StudyFixture.create(Plans.plan().halving("auto").levels(1, 81, 3).trials(40));
    assertThat(study.last(LadderSet.class).ladder().start()).isEqualTo(1);
    for (int trial = 1; trial <= 12; trial++) {
      AttemptRef attempt = study.grant();
      while (attempt.attempt() > 1) {
        attempt = study.grant(); // Promoted from the reference.
      }
      assertThat(study.trial(trial).lastAttempt().milestone()).isEqualTo(3);
      assertThat(study.report(attempt, 1, 13 - trial).kind()).isEqualTo(Order.Kind.CONTINUE);
      Order order = study.report(attempt, 3, trial);
      assertThat(order.kind()).isEqualTo(Order.Kind.CONTINUE);
      assertThat(order.milestone()).isEqualTo(9);
      assertThat(study.last(Judged.class).carried()).contains(true);
      study.report(attempt, 9, trial);
      study.end(attempt, Cause.PAUSED);
    }
    Rung lowest = study.state.bracketOf(1).rungs().get(0);
    assertThat(lowest.size()).isEqualTo(12);
    assertThat(lowest.earned()).isZero();
    Ladder ladder = study.state.bracketOf(1).ladder();
    assertThat(ladder.version()).isEqualTo(2);
    assertThat(ladder.start()).isEqualTo(1);
    assertThat(ladder.probing()).isEmpty();
    assertThat(study.last(LadderSet.class).evidence())
        .isEqualTo("trials start at 3: tau -1.00 of 1 with 9, tau 1.00 of 3 with 9 over 12 probes");
    // Of the 12 at level 9 the best four may go on.
    assertThat(study.grant()).isEqualTo(new AttemptRef(4, 2));
    assertThat(study.state.bracketOf(1).rungs().get(2).earned()).isEqualTo(4);
    assertThat(study.grant().trial()).isEqualTo(13);
    assertThat(study.trial(13).lastAttempt().milestone()).isEqualTo(3);
  }

  /** A probe that is preempted on its way goes on before anything else. */
  @Test
  void shouldLetAProbeThatPausedGoOnFirst() {
    StudyFixture study =
        StudyFixture.create(Plans.plan().halving("auto").levels(1, 81, 3).trials(40));
    AttemptRef first = study.grant();
    study.send(new StudyCommand.Pause("by hand"));
    assertThat(study.report(first, 3, 0.5).kind()).isEqualTo(Order.Kind.PAUSE);
    study.end(first, Cause.PAUSED);
    study.send(new StudyCommand.Resume());
    assertThat(study.grant()).isEqualTo(new AttemptRef(1, 2));
    assertThat(study.last(StudyEvent.TrialPromoted.class).carried()).contains(true);
  }

  @Test
  void shouldRunEachTrialInItsBracket() {
    StudyFixture study =
        StudyFixture.create(Plans.plan().halving("hyperband").levels(1, 9, 3).trials(40).seed(5));
    assertThat(study.state.brackets()).hasSize(3);
    for (int trial = 1; trial <= 12; trial++) {
      AttemptRef attempt = study.grant();
      int number = attempt.trial();
      List<Long> levels = study.state.bracketOf(number).ladder().levels();
      if (attempt.attempt() == 1) {
        assertThat(study.trial(number).lastAttempt().milestone()).isEqualTo(levels.get(0));
      }
      study.report(attempt, study.trial(number).lastAttempt().milestone(), number);
      if (study.verdict() != Verdict.CONTINUE) {
        study.end(attempt, study.verdict() == Verdict.PAUSE ? Cause.PAUSED : Cause.STOPPED);
      }
    }
    int entries =
        study.state.brackets().stream().mapToInt(bracket -> bracket.rungs().get(0).size()).sum();
    assertThat(entries).isGreaterThanOrEqualTo(10);
    assertThat(study.state.brackets())
        .filteredOn(bracket -> bracket.rungs().get(0).size() > 0)
        .hasSizeGreaterThanOrEqualTo(2);
  }

  /** Without an upper bound the best of three goes on, again and again. */
  @Test
  void shouldPromoteWithoutAnUpperBound() {
    StudyFixture study =
        StudyFixture.create(Plans.plan().levels(1, 1L << 53, 3).trials(200).seed(5));
    for (int i = 1; i <= 130; i++) {
      study.run(i);
    }
    List<Integer> sizes =
        study.state.bracketOf(1).rungs().stream().map(Rung::size).filter(n -> n > 0).toList();
    assertThat(sizes).hasSizeGreaterThanOrEqualTo(4);
    assertThat(sizes.get(3)).isLessThanOrEqualTo(sizes.get(2) / 3);
  }

  /** Of four members with values 1, 2, 3 and 4 the worst gives way to a copy of the best. */
  @Test
  void shouldReplaceTheWorstByAChangedCopyOfTheBest() {
    StudyFixture study = population();
    StudyEvent.TrialCloned cloned = study.last(StudyEvent.TrialCloned.class);
    assertThat(cloned.parent()).isEqualTo(1);
    assertThat(cloned.replaced()).isEqualTo(4);
    assertThat(cloned.checkpoint().step()).isEqualTo(2);
    assertThat(study.status(4)).isEqualTo(TrialStatus.STOPPED);
    assertThat(study.state.bracketOf(1).ladder().levels()).containsExactly(2L, 4L, 6L);
    assertThat(study.grant()).isEqualTo(new AttemptRef(1, 2));
    assertThat(study.grant()).isEqualTo(new AttemptRef(2, 2));
    assertThat(study.grant()).isEqualTo(new AttemptRef(3, 2));
    AttemptRef copy = study.grant();
    assertThat(copy).isEqualTo(new AttemptRef(5, 1));
    assertThat(study.trial(5).parent()).isEqualTo(1);
    assertThat(study.trial(5).lastAttempt().startStep()).isEqualTo(2);
    assertThat(study.trial(5).lastAttempt().milestone()).isEqualTo(4);
    StudyEffect.Start start = Objects.requireNonNull(study.lastStart());
    assertThat(start.work().resume()).isEqualTo(cloned.checkpoint());
  }

  /** Four distinct trials are the budget; the copy is none of them. */
  @Test
  void shouldNotCountCopiesInTheBudget() {
    StudyFixture study = population();
    assertThat(study.state.clones()).isEqualTo(1);
    assertThat(study.state.asked()).isEmpty();
    assertThat(study.state.suggested().keySet()).containsExactly(5);
  }

  private static StudyFixture population() {
    StudyFixture study = new StudyFixture();
    study.suggesting = false;
    StudyPlan plan = Plans.plan().halving("population").levels(2, 6, 3).trials(4).build();
    study.startWith(plan);
    for (int trial = 1; trial <= 4; trial++) {
      for (int asked : List.copyOf(study.state.asked().keySet())) {
        double[] point = {asked / 10.0, 0.5};
        study.send(new StudyCommand.Suggest(asked, plan.space().decode(point), "test"));
      }
      AttemptRef attempt = study.grant();
      study.log(attempt, saved(2), point(2, attempt.trial()));
      study.end(attempt, study.verdict() == Verdict.STOP ? Cause.STOPPED : Cause.PAUSED);
    }
    return study;
  }

  /** Losses (1, 4), (2, 2) and (4, 1) are a front, and (3, 3) is dominated by the second. */
  @Test
  void shouldRankByFrontsAndPutTheInfeasibleLast() {
    StudyFixture study =
        StudyFixture.create(Plans.plan().also("size").atMost("memory", 100).trials(9));
    run(study, 1, 4, 50);
    run(study, 2, 2, 100);
    run(study, 3, 3, 0);
    run(study, 0, 0, 150);
    Rung rung = study.state.bracketOf(1).rungs().get(0);
    assertThat(IntStream.range(0, 4).map(rung::trialAt)).startsWith(1).endsWith(3, 4);
    assertThat(rung.violation(4)).isEqualTo(0.5);
    assertThat(study.last(Judged.class).evidence().place().orElseThrow().score().violation())
        .isEqualTo(0.5);
    assertThat(Reasons.of(study.last(Judged.class)))
        .isEqualTo(
            "paused: values 0 and 0, which misses the constraints by 0.5, at rung 1 ranks 4 of 4"
                + " (front 3); only the best may go on");
    assertThat(study.best().trial()).isEqualTo(1);
    assertThat(ParetoFront.of(study.state))
        .extracting(leader -> leader.point().trial())
        .containsExactly(1, 2);
  }

  private static void run(StudyFixture study, double loss, double size, double memory) {
    AttemptRef attempt = study.grant();
    while (attempt.attempt() > 1) {
      attempt = study.grant(); // Promoted.
    }
    Map<String, Double> metrics = Map.of("loss", loss, "size", size, "memory", memory);
    Order order = study.log(attempt, point(1, metrics));
    if (order.kind() == Order.Kind.PAUSE) {
      study.end(attempt, Cause.PAUSED);
    }
  }
}
