package dev.rung.study;

import static dev.rung.study.StudyFixture.NO_ORDER;
import static dev.rung.study.StudyFixture.point;
import static dev.rung.study.StudyFixture.saved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.study.StudyEvent.EntriesRecorded;
import dev.rung.study.StudyEvent.Judged;
import dev.rung.study.StudyEvent.LateEntriesRecorded;
import dev.rung.study.StudyEvent.RungEntered;
import dev.rung.study.StudyReply.Taken;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of the points of an attempt's log. The rungs are 1, 3 and 9 with eta 3. */
class MetricScenariosTest {
  private final StudyFixture study = StudyFixture.create(Plans.plan());

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
  void shouldStopATrialWhoseValueAtItsMilestoneIsNotFinite(double value) {
    study.run(0.5);
    AttemptRef attempt = study.grant();
    Order order = study.report(attempt, 1, value);
    assertThat(order.kind()).isEqualTo(Order.Kind.STOP);
    assertThat(order.reason())
        .isEqualTo("stopped: the value " + value + " at rung 1 is not finite");
    Judged judged = study.last(Judged.class);
    assertThat(judged.cause()).isEqualTo(Cause.DIVERGED);
    assertThat(judged.evidence().rank()).isEqualTo(1);
    assertThat(judged.evidence().n()).isEqualTo(2);
    assertThat(judged.evidence().value()).isEqualTo(Double.valueOf(value));
    study.end(attempt, Cause.STOPPED);
    assertThat(study.status(2)).isEqualTo(TrialStatus.STOPPED);
    assertThat(study.trial(2).lastAttempt().cause()).isEqualTo(Cause.DIVERGED);
    assertThat(study.state.bracketOf(1).rungs().get(0).isOpen(2)).isFalse();
    assertThat(study.state.best()).isEqualTo(new StudyView.Best(1, 1, Map.of("loss", 0.5)));
  }

  @Test
  void shouldRankADivergedTrialLastAndCountIt() {
    study.run(Double.NaN);
    study.run(0.9);
    AttemptRef third = study.grant();
    assertThat(study.report(third, 1, 0.8).kind()).isEqualTo(Order.Kind.CONTINUE);
    assertThat(study.state.bracketOf(1).rungs().get(0).rank(1)).isEqualTo(2);
  }

  @Test
  void shouldKeepAValueThatIsNotFiniteElsewhereWithoutAVerdict() {
    study.run(0.3);
    study.run(0.4);
    AttemptRef attempt = study.grant();
    study.report(attempt, 1, 0.2);
    assertThat(study.report(attempt, 2, Double.NaN)).isEqualTo(NO_ORDER);
    assertThat(study.last(EntriesRecorded.class).entries()).containsExactly(point(2, Double.NaN));
    assertThat(study.report(attempt, 3, 0.1).kind()).isEqualTo(Order.Kind.PAUSE);
    assertThat(study.last(Judged.class).evidence().value()).isEqualTo(0.1);
  }

  @Test
  void shouldMergeMetricsOfTheSameStep() {
    StudyFixture two = StudyFixture.create(Plans.plan().also("size"));
    AttemptRef attempt = two.grant();
    assertThat(two.log(attempt, point(1, Map.of("loss", 0.4)))).isEqualTo(NO_ORDER);
    Order order = two.log(attempt, point(1, Map.of("size", 7.0)));
    assertThat(order.kind()).isEqualTo(Order.Kind.PAUSE);
    assertThat(two.last(Judged.class).evidence().value()).isEqualTo(0.4);
    assertThat(two.state.best())
        .isEqualTo(new StudyView.Best(1, 1, Map.of("loss", 0.4, "size", 7.0)));
  }

  @Test
  void shouldMergeMetricsOfTheSameStepInOneReport() {
    StudyFixture two = StudyFixture.create(Plans.plan().also("size"));
    Order order = two.log(two.grant(), point(1, Map.of("size", 7.0)), saved(1), point(1, 0.4));
    assertThat(order.kind()).isEqualTo(Order.Kind.PAUSE);
  }

  /** Judged by its first point at or past the milestone that carries all objectives. */
  @Test
  void shouldNotMergeMetricsOfTwoSteps() {
    StudyFixture two = StudyFixture.create(Plans.plan().also("size"));
    AttemptRef attempt = two.grant();
    assertThat(two.log(attempt, point(1, 0.4), point(2, Map.of("size", 7.0)))).isEqualTo(NO_ORDER);
    Order order = two.log(attempt, point(2, 0.3));
    assertThat(order.kind()).isEqualTo(Order.Kind.PAUSE);
    assertThat(two.last(Judged.class).step()).isEqualTo(2);
    assertThat(two.last(Judged.class).evidence().value()).isEqualTo(0.3);
  }

  @Test
  void shouldIgnoreMetricsThatAreNoObjectives() {
    AttemptRef attempt = study.grant();
    assertThat(study.log(attempt, point(1, Map.of("accuracy", 0.9)))).isEqualTo(NO_ORDER);
    assertThat(study.state.metricNames()).containsExactly("accuracy");
    assertThat(study.log(attempt, point(1, Map.of("loss", 0.4, "accuracy", 0.9))).kind())
        .isEqualTo(Order.Kind.PAUSE);
  }

  @Test
  void shouldBoundTheMetricNamesThatItRemembers() {
    AttemptRef attempt = study.grant();
    for (int i = 0; i < 70; i++) {
      study.log(attempt, point(1, Map.of("m" + i, 1.0)));
    }
    assertThat(study.state.metricNames()).hasSize(64);
  }

  @Test
  void shouldTakeTheBestUpToTheMilestone() {
    StudyFixture best = StudyFixture.create(Plans.plan().levels(3, 9, 3).takeBest());
    best.log(best.grant(), point(1, 0.5), point(2, 0.2), point(3, 0.4));
    assertThat(best.last(RungEntered.class).value()).isEqualTo(0.2);
    AttemptRef second = best.grant();
    best.report(second, 1, 0.1);
    best.report(second, 2, 0.7);
    best.report(second, 3, 0.6);
    assertThat(best.last(RungEntered.class).value()).isEqualTo(0.1);
    AttemptRef third = best.grant();
    best.log(third, point(2, Double.NaN), point(3, 0.3));
    assertThat(best.last(RungEntered.class).value()).isEqualTo(0.3);
  }

  @Test
  void shouldTakeTheBestWhenMoreIsBetter() {
    StudyFixture best = StudyFixture.create(Plans.plan().levels(3, 9, 3).takeBest().maximize());
    best.log(best.grant(), point(1, 0.5), point(2, 0.9), point(3, 0.4));
    assertThat(best.last(RungEntered.class).value()).isEqualTo(0.9);
  }

  @Test
  void shouldTakeWhatIsNotFiniteAtTheMilestoneEvenWhenTheBestCounts() {
    StudyFixture best = StudyFixture.create(Plans.plan().levels(3, 9, 3).takeBest());
    Order order = best.log(best.grant(), point(1, 0.5), point(3, Double.NaN));
    assertThat(order.kind()).isEqualTo(Order.Kind.STOP);
    assertThat(best.last(RungEntered.class).value()).isNaN();
  }

  @Test
  void shouldTakeTheLastByDefault() {
    StudyFixture last = StudyFixture.create(Plans.plan().levels(3, 9, 3));
    last.log(last.grant(), point(1, 0.5), point(2, 0.2), point(3, 0.4));
    assertThat(last.last(RungEntered.class).value()).isEqualTo(0.4);
    assertThat(last.state.best()).isEqualTo(new StudyView.Best(1, 2, Map.of("loss", 0.2)));
  }

  @Test
  void shouldKeepAStepThatGoesBackwardsAndDecideNothingByIt() {
    StudyFixture late = StudyFixture.create(Plans.plan().levels(3, 9, 3));
    AttemptRef attempt = late.grant();
    late.report(attempt, 2, 0.5);
    assertThat(late.log(attempt, point(1, 0.1))).isEqualTo(NO_ORDER);
    assertThat(late.last(EntriesRecorded.class).entries()).containsExactly(point(1, 0.1));
    assertThat(late.state.best()).isEqualTo(new StudyView.Best(1, 2, Map.of("loss", 0.5)));
    assertThat(late.trial(1).lastAttempt().lastStep()).isEqualTo(2);
    assertThat(late.state.resourceUsed()).isEqualTo(2);
    // In one report, too; 3 still decides.
    assertThat(late.log(attempt, point(1, 0.1), point(3, 0.4)).kind()).isEqualTo(Order.Kind.PAUSE);
    assertThat(late.last(Judged.class).evidence().value()).isEqualTo(0.4);
  }

  @Test
  void shouldIgnoreDuplicatesAndSayTheOrderAgain() {
    AttemptRef attempt = study.grant();
    study.report(attempt, 1, 0.5);
    int count = study.events.size();
    Taken again = study.report(attempt, 1, point(1, 0.1));
    assertThat(again.ackedSeq()).isEqualTo(1);
    assertThat(again.resend()).isFalse();
    assertThat(again.order().orElseThrow().kind()).isEqualTo(Order.Kind.PAUSE);
    assertThat(study.events).hasSize(count);
  }

  @Test
  void shouldSayAContinueAgainOnlyForDuplicates() {
    study.run(0.3);
    study.run(0.4);
    AttemptRef attempt = study.grant();
    assertThat(study.report(attempt, 1, 0.2).kind()).isEqualTo(Order.Kind.CONTINUE);
    assertThat(study.report(attempt, 1, point(1, 0.2)).order().orElseThrow().kind())
        .isEqualTo(Order.Kind.CONTINUE);
    assertThat(study.report(attempt, 2, 0.2)).isEqualTo(NO_ORDER);
  }

  @Test
  void shouldTakeOnlyWhatIsNewOfAnOverlap() {
    StudyFixture late = StudyFixture.create(Plans.plan().levels(9, 9, 3));
    AttemptRef attempt = late.grant();
    late.log(attempt, point(1, 0.5), point(2, 0.4));
    Taken taken = late.report(attempt, 2, point(2, 0.4), point(3, 0.3), point(4, 0.2));
    assertThat(taken).isEqualTo(new Taken(attempt, 4, false, Optional.empty()));
    EntriesRecorded recorded = late.last(EntriesRecorded.class);
    assertThat(recorded.firstSeq()).isEqualTo(3);
    assertThat(recorded.entries()).containsExactly(point(3, 0.3), point(4, 0.2));
  }

  @Test
  void shouldAskAgainAfterAGap() {
    AttemptRef attempt = study.grant();
    int count = study.events.size();
    Taken taken = study.report(attempt, 2, point(1, 0.5));
    assertThat(taken).isEqualTo(new Taken(attempt, 0, true, Optional.empty()));
    assertThat(study.events).hasSize(count);
    assertThat(study.report(attempt, 1, point(1, 0.5)).ackedSeq()).isEqualTo(1);
  }

  @Test
  void shouldTakeAnEmptyReport() {
    AttemptRef attempt = study.grant();
    assertThat(study.report(attempt, 1)).isEqualTo(new Taken(attempt, 0, false, Optional.empty()));
  }

  @ParameterizedTest
  @ValueSource(longs = {0, -1, Long.MIN_VALUE})
  void shouldRefuseNumbersBelowOne(long firstSeq) {
    AttemptRef attempt = study.grant();
    StudyReply reply =
        study.send(new StudyCommand.Report(attempt, firstSeq, List.of(point(1, 0.5))));
    assertThat(reply)
        .isEqualTo(
            new StudyReply.Rejected(
                ErrorCode.INVALID,
                "expected entries numbered from 1, but came a first number of " + firstSeq));
  }

  @Test
  void shouldRecordEachPointOnceWhenAReportHasSeveralVerdicts() {
    study.run(0.3);
    study.run(0.4);
    AttemptRef attempt = study.grant();
    study.log(
        attempt,
        point(1, 0.2),
        saved(1),
        point(2, 0.2),
        point(3, 0.2),
        new Entry.Ended(Cause.PAUSED, ""));
    List<EntriesRecorded> recorded =
        study.all(EntriesRecorded.class).stream().filter(e -> e.attempt().equals(attempt)).toList();
    assertThat(recorded).extracting(EntriesRecorded::firstSeq).containsExactly(1L, 2L, 5L);
    assertThat(recorded).extracting(e -> e.entries().size()).containsExactly(1, 3, 1);
    assertThat(study.status(3)).isEqualTo(TrialStatus.PAUSED);
  }

  @Test
  void shouldFenceAnAttemptThatItDoesNotKnow() {
    Taken taken = study.report(new AttemptRef(9, 1), 1, point(1, 0.5));
    assertThat(taken.order().orElseThrow().kind()).isEqualTo(Order.Kind.FENCED);
    AttemptRef first = study.grant();
    taken = study.report(new AttemptRef(first.trial(), 2), 1, point(1, 0.5));
    assertThat(taken)
        .isEqualTo(
            new Taken(
                new AttemptRef(1, 2),
                0,
                false,
                Optional.of(Order.fenced("there is no such attempt"))));
    taken = study.report(new AttemptRef(0, 1), 1, point(1, 0.5));
    assertThat(taken.order()).isPresent();
  }

  @Test
  void shouldFenceAnAttemptThatEndedItself() {
    AttemptRef attempt = study.run(0.5);
    int count = study.events.size();
    Taken fenced = new Taken(attempt, 2, false, Optional.of(Order.fenced("the attempt is over")));
    assertThat(study.report(attempt, 3, point(2, 0.1))).isEqualTo(fenced);
    assertThat(study.report(attempt, 1, point(1, 0.5))).isEqualTo(fenced);
    assertThat(study.events).hasSize(count);
  }

  @Test
  void shouldAcknowledgeTheEndOfALogWithWhatCameBeforeIt() {
    AttemptRef attempt = study.grant();
    Entry ended = new Entry.Ended(Cause.PREEMPTED, "");
    Taken taken = study.report(attempt, 1, saved(0), point(0, 0.5), ended);
    assertThat(taken).isEqualTo(new Taken(attempt, 3, false, Optional.empty()));
  }

  @Test
  void shouldTakeNothingAfterTheEndOfALog() {
    AttemptRef attempt = study.grant();
    Taken taken =
        study.report(
            attempt, 1, new Entry.Ended(Cause.PREEMPTED, ""), point(1, 0.5), point(2, 0.5));
    assertThat(taken.ackedSeq()).isEqualTo(1);
    assertThat(study.status(1)).isEqualTo(TrialStatus.WAITING);
    assertThat(study.state.bracketOf(1).rungs().get(0).size()).isZero();
  }

  @Test
  void shouldKeepLateEntriesAndUseThemForNothing() {
    AttemptRef attempt = study.grant();
    study.send(new StudyCommand.Lose(attempt, "silent for 60 s"));
    Taken taken = study.report(attempt, 1, point(1, 0.01), saved(1));
    assertThat(taken)
        .isEqualTo(new Taken(attempt, 2, false, Optional.of(Order.late("the attempt is over"))));
    assertThat(study.last(LateEntriesRecorded.class).entries()).hasSize(2);
    assertThat(study.state.best()).isNull();
    assertThat(study.state.bracketOf(1).rungs().get(0).size()).isZero();
    assertThat(study.trial(1).checkpoint()).isNull();
    // Each late entry once as well.
    study.report(attempt, 2, saved(1), point(2, 0.01));
    assertThat(study.last(LateEntriesRecorded.class).firstSeq()).isEqualTo(3);
    assertThat(study.trial(1).lastAttempt().ackedSeq()).isEqualTo(3);
    assertThat(study.report(attempt, 9, point(3, 0.01)).resend()).isTrue();
  }

  @Test
  void shouldFenceAnAttemptThatWasReplaced() {
    AttemptRef zombie = study.grant("n1");
    study.send(new StudyCommand.Lose(zombie, "silent"));
    AttemptRef valid = study.grant("n2");
    assertThat(valid).isEqualTo(new AttemptRef(1, 2));
    study.report(valid, 1, 0.5);
    assertThat(study.report(zombie, 1, point(1, 0.1)).order().orElseThrow().kind())
        .isEqualTo(Order.Kind.LATE);
    assertThat(study.state.bracketOf(1).rungs().get(0).loss(1)).isEqualTo(0.5);
  }

  @Test
  void shouldTellAnAttemptThatShouldHaveEndedForEveryReport() {
    AttemptRef attempt = study.grant();
    study.report(attempt, 1, 0.5);
    for (int step = 2; step < 5; step++) {
      assertThat(study.report(attempt, step, 0.4).kind()).isEqualTo(Order.Kind.PAUSE);
    }
    assertThat(study.all(Judged.class)).hasSize(1);
  }

  @Test
  void shouldTakeALongReport() {
    Entry[] entries =
        IntStream.rangeClosed(1, 1_000).mapToObj(i -> point(i, 1.0 / i)).toArray(Entry[]::new);
    AttemptRef attempt = study.grant();
    study.log(attempt, entries);
    assertThat(study.trial(1).lastAttempt().ackedSeq()).isEqualTo(1_000);
    assertThat(study.trial(1).step()).isEqualTo(1_000);
  }
}
