package dev.rung.study;

import static dev.rung.study.StudyFixture.point;
import static dev.rung.study.StudyFixture.saved;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.halving.Evidence;
import dev.rung.study.StudyEvent.AttemptLeased;
import dev.rung.study.StudyEvent.Judged;
import dev.rung.study.StudyEvent.RungEntered;
import dev.rung.study.StudyEvent.TrialPromoted;
import dev.rung.study.StudyEvent.Verdict;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Who goes on, where, and with what evidence. The rungs are 1, 3 and 9 with eta 3. */
class PromotionScenariosTest {
  private final StudyFixture study = StudyFixture.create(Plans.plan());

  @Test
  void shouldPauseWhileNoneMayGoOn() {
    AttemptRef first = study.grant();
    Order order = study.report(first, 1, 0.5);
    assertThat(order)
        .isEqualTo(
            new Order(
                1,
                Order.Kind.PAUSE,
                0,
                "paused: value 0.5 at rung 1 ranks 1 of 1; none may go on yet"));
    assertThat(study.last(Judged.class).evidence())
        .isEqualTo(new Evidence("asha, promotion", 0, 1, 0.5, 0, 1, 0, 1));
  }

  @Test
  void shouldGoOnInPlaceWhenTheSlotIsItsOwnNext() {
    study.run(0.2);
    study.run(0.3);
    AttemptRef third = study.grant();
    Order order = study.report(third, 1, 0.1);
    assertThat(order.kind()).isEqualTo(Order.Kind.CONTINUE);
    assertThat(order.milestone()).isEqualTo(3);
    assertThat(order.reason())
        .isEqualTo(
            "goes on in its slot: value 0.1 at rung 1 ranks 1 of 3; only the best may go on");
    assertThat(study.all(AttemptLeased.class)).hasSize(3);
    assertThat(study.report(third, 2, 0.1)).isEqualTo(StudyFixture.NO_ORDER);
    assertThat(study.report(third, 3, 0.1))
        .extracting(Order::number, Order::kind)
        .containsExactly(2L, Order.Kind.PAUSE);
    assertThat(study.state.bracketOf(1).rungs().get(0).isPromoted(3)).isTrue();
    assertThat(study.state.bracketOf(1).rungs().get(1).size()).isEqualTo(1);
  }

  @Test
  void shouldPauseTheCandidateWhenABetterOneWaits() {
    study.run(0.1);
    study.run(0.2);
    assertThat(study.report(study.grant(), 1, 0.3).kind()).isEqualTo(Order.Kind.PAUSE);
    // Its slot is free as soon as it has ended; the promotion goes to trial 1.
    AttemptRef promoted = study.grant("n2");
    assertThat(promoted).isEqualTo(new AttemptRef(1, 2));
    assertThat(study.last(TrialPromoted.class).evidence())
        .isEqualTo(new Evidence("asha, promotion", 0, 1, 0.1, 0, 3, 1, 1));
    assertThat(study.last(AttemptLeased.class).milestone()).isEqualTo(3);
  }

  @Test
  void shouldPromoteElsewhereOnlyOnceTheAttemptHasEnded() {
    AttemptRef best = study.grant("n1");
    assertThat(study.report(best, 1, 0.1).kind()).isEqualTo(Order.Kind.PAUSE);
    study.run(0.2);
    study.run(0.3);
    // Trial 1 may go on, but its attempt has not ended: the slot gets a new trial.
    assertThat(study.grant("n2")).isEqualTo(new AttemptRef(4, 1));
    study.end(best, Cause.PAUSED);
    assertThat(study.grant("n2")).isEqualTo(new AttemptRef(1, 2));
  }

  @Test
  void shouldPromoteFromTheTopRungDown() {
    List<AttemptRef> attempts = IntStream.range(0, 6).mapToObj(i -> study.grant()).toList();
    // Three wait at rung 3, three better ones at rung 1.
    double[] losses = {0.31, 0.32, 0.33, 0.11, 0.12, 0.13};
    for (AttemptRef attempt : attempts) {
      study.report(attempt, attempt.trial() <= 3 ? 3 : 1, losses[attempt.trial() - 1]);
      study.end(attempt, Cause.PAUSED);
    }
    assertThat(study.grant()).isEqualTo(new AttemptRef(1, 2));
    assertThat(study.last(TrialPromoted.class).evidence().rung()).isEqualTo(1);
    assertThat(study.grant()).isEqualTo(new AttemptRef(4, 2));
    assertThat(study.last(TrialPromoted.class).evidence().rung()).isEqualTo(0);
  }

  /** One sparse report crosses 1 and 3: it counts as promoted at 1 and waits at 3. */
  @Test
  void shouldEnterEveryRungThatOneReportCrosses() {
    AttemptRef attempt = study.grant();
    study.report(attempt, 4, 0.5);
    assertThat(study.last(RungEntered.class))
        .extracting(RungEntered::step, RungEntered::fromRung, RungEntered::toRung)
        .containsExactly(4L, 0, 1);
    assertThat(study.last(Judged.class).evidence().rung()).isEqualTo(1);
    assertThat(study.state.bracketOf(1).rungs().get(0).isPromoted(1)).isTrue();
    assertThat(study.state.bracketOf(1).rungs().get(1).isPromoted(1)).isFalse();
    study.end(attempt, Cause.PAUSED);
    assertThat(study.state.bracketOf(1).rungs().get(1).isOpen(1)).isTrue();
    assertThat(study.state.bracketOf(1).rungs().get(0).isOpen(1)).isFalse();
  }

  @Test
  void shouldReachTheTopWithOneReport() {
    assertThat(study.report(study.grant(), 9, 0.5).kind()).isEqualTo(Order.Kind.STOP);
    assertThat(study.last(Judged.class).cause()).isEqualTo(Cause.COMPLETED);
    assertThat(study.state.bracketOf(1).rungs())
        .allSatisfy(rung -> assertThat(rung.size()).isEqualTo(1));
  }

  @Test
  void shouldNeverFillALowerRungLater() {
    AttemptRef attempt = study.grant();
    study.report(attempt, 4, 0.5);
    study.report(attempt, 5, 0.1);
    study.end(attempt, Cause.PAUSED);
    assertThat(study.state.bracketOf(1).rungs().get(0).loss(1)).isEqualTo(0.5);
    assertThat(study.state.bracketOf(1).rungs().get(1).loss(1)).isEqualTo(0.5);
    assertThat(study.all(RungEntered.class)).hasSize(1);
  }

  @Test
  void shouldStopAtTheTopAndComplete() {
    study.run(0.2);
    study.run(0.3);
    AttemptRef attempt = study.grant();
    Order order = study.log(attempt, point(1, 0.1), point(2, 0.1), point(3, 0.1), point(9, 0.07));
    assertThat(order.kind()).isEqualTo(Order.Kind.PAUSE);
    assertThat(study.state.bracketOf(1).rungs().get(1).size()).isEqualTo(1);
    // 9 came after the pause at 3 and decides nothing.
    assertThat(study.state.bracketOf(1).rungs().get(2).size()).isZero();
  }

  @Test
  void shouldSayHowATrialStoodAtTheTop() {
    AttemptRef attempt = study.grant();
    Order order = study.report(attempt, 9, 0.07);
    assertThat(order.reason()).isEqualTo("reached the top rung 9 with 0.07, rank 1 of 1");
    study.end(attempt, Cause.STOPPED);
    assertThat(study.status(1)).isEqualTo(TrialStatus.COMPLETED);
    assertThat(study.trial(1).reason()).isEqualTo("COMPLETED");
    assertThat(study.trial(1).lastAttempt().cause()).isEqualTo(Cause.COMPLETED);
  }

  /** Several verdicts in one report: the reply carries the newest order. */
  @Test
  void shouldGoOnTwiceInOneReport() {
    // Two trials wait at rung 3 (sparse reports), two at rung 1.
    for (double loss : new double[] {0.5, 0.6}) {
      AttemptRef attempt = study.grant();
      study.report(attempt, 3, loss);
      study.end(attempt, Cause.PAUSED);
    }
    study.run(0.7);
    AttemptRef attempt = study.grant();
    Order order = study.log(attempt, point(1, 0.1), point(3, 0.1));
    assertThat(study.all(Judged.class).stream().map(Judged::verdict).skip(3))
        .containsExactly(Verdict.CONTINUE, Verdict.CONTINUE);
    assertThat(order)
        .extracting(Order::number, Order::kind, Order::milestone)
        .containsExactly(2L, Order.Kind.CONTINUE, 9L);
  }

  @Test
  void shouldKeepTheOrderWhenMoreEntriesFollowInTheReport() {
    study.run(0.2);
    study.run(0.3);
    AttemptRef attempt = study.grant();
    Order order = study.log(attempt, point(1, 0.1), saved(1), point(2, 0.1));
    assertThat(order).isEqualTo(study.trial(3).lastAttempt().order());
    assertThat(order.kind()).isEqualTo(Order.Kind.CONTINUE);
    assertThat(study.trial(3).lastAttempt().ackedSeq()).isEqualTo(3);
  }

  @Test
  void shouldPreferATrialThatLostItsSlotToACandidate() {
    study.run(0.2);
    study.run(0.3);
    AttemptRef third = study.grant("n1");
    AttemptRef fourth = study.grant("n2");
    study.end(fourth, Cause.PREEMPTED);
    assertThat(study.report(third, 1, 0.1).kind()).isEqualTo(Order.Kind.PAUSE);
    study.end(third, Cause.PAUSED);
    assertThat(study.grant()).isEqualTo(new AttemptRef(4, 2));
    assertThat(study.grant()).isEqualTo(new AttemptRef(3, 2));
  }

  @Test
  void shouldMaximise() {
    StudyFixture max = StudyFixture.create(Plans.plan().maximize());
    max.run(0.2);
    max.run(0.1);
    AttemptRef best = max.grant();
    assertThat(max.report(best, 1, 0.3).kind()).isEqualTo(Order.Kind.CONTINUE);
    assertThat(max.state.best()).isEqualTo(new StudyView.Best(3, 1, Map.of("loss", 0.3)));
  }

  @Test
  void shouldShowZeroAsItCame() {
    StudyFixture max = StudyFixture.create(Plans.plan().maximize());
    for (double value : new double[] {0.0, -1, -1, -1}) {
      max.run(value);
    }
    assertThat(max.last(TrialPromoted.class).evidence().value()).isEqualTo(0.0);
    assertThat(Double.doubleToRawLongBits(max.last(TrialPromoted.class).evidence().value()))
        .isZero();
  }

  /** Nine entries, three promoted, a new best: none goes on until floor(n / 3) = 4. */
  @Test
  void shouldDelayPromotions() {
    StudyFixture delayed = StudyFixture.create(Plans.plan().delayed().parallel(20));
    // Grant all before anything is judged, so that no promotion comes between.
    List<AttemptRef> attempts =
        IntStream.range(0, 12).mapToObj(i -> delayed.grant("n" + i)).toList();
    for (int i = 0; i < 9; i++) {
      delayed.report(attempts.get(i), 1, 0.1 * (9 - i));
      delayed.end(attempts.get(i), Cause.PAUSED);
    }
    while (delayed.state.bracketOf(1).rungs().get(0).promotions() < 3) {
      delayed.grant("m");
    }
    assertThat(delayed.report(attempts.get(9), 1, 0.01).kind()).isEqualTo(Order.Kind.PAUSE);
    delayed.end(attempts.get(9), Cause.PAUSED);
    assertThat(delayed.report(attempts.get(10), 1, 0.9).kind()).isEqualTo(Order.Kind.PAUSE);
    delayed.end(attempts.get(10), Cause.PAUSED);
    assertThat(delayed.state.bracketOf(1).rungs().get(0).promotions()).isEqualTo(3);
    delayed.report(attempts.get(11), 1, 0.95);
    delayed.end(attempts.get(11), Cause.PAUSED);
    assertThat(delayed.grant("m")).isEqualTo(new AttemptRef(10, 2));
  }
}
