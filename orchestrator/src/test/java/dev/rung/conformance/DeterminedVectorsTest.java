package dev.rung.conformance;

import static dev.rung.study.PlayedStudy.play;
import static dev.rung.study.StudyEvent.Verdict.CONTINUE;
import static dev.rung.study.StudyEvent.Verdict.STOP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.halving.HalvingRules.Mode;
import dev.rung.halving.Ladder;
import dev.rung.halving.Rung;
import dev.rung.halving.StoppingAsha;
import dev.rung.study.Plans;
import dev.rung.study.PlayedStudy;
import dev.rung.study.TrialStatus;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * Determined, {@code master/pkg/searcher/asha_test.go}, {@code asha_stopping_test.go} and {@code
 * adaptive_asha_test.go}.
 *
 * <p>Left out: D10, population based training, which is synchronous there: all trials of a round
 * wait for the last.
 */
class DeterminedVectorsTest {

  /** 12 equal trials, 9 at a time: 8 end at the first rung, 3 at the second, 1 at the third. */
  @Test
  void d1ShouldEndEightOfTwelveEqualTrialsAtTheFirstRung() {
    assertThat(play(thirds(), 12, 9, (trial, step) -> 0.5).entered()).containsExactly(12, 4, 1);
  }

  /** 3 at a time, trial i has an error of 0.01 i: 1 goes to the top, 2 to 4 to the second rung. */
  @Test
  void d2ShouldPromoteTheEarlyAndBetter() {
    PlayedStudy played = play(thirds(), 12, 3, (trial, step) -> 0.01 * trial);
    assertThat(played.entered()).containsExactly(12, 4, 1);
    assertThat(played.inRung(1)).containsExactlyInAnyOrder(1, 2, 3, 4);
    assertThat(played.inRung(2)).containsExactly(1);
  }

  /** The mirror: 0.12 down to 0.01, and more is better. */
  @Test
  void d3ShouldPromoteTheSameWhenMoreIsBetter() {
    PlayedStudy played = play(thirds().maximize(), 12, 3, (trial, step) -> 0.13 - 0.01 * trial);
    assertThat(played.entered()).containsExactly(12, 4, 1);
    assertThat(played.inRung(1)).containsExactlyInAnyOrder(1, 2, 3, 4);
    assertThat(played.inRung(2)).containsExactly(1);
  }

  /** Trial 3 fails after the first rung: the others go as far, and its promotion still counts. */
  @Test
  void d4ShouldGoOnAsBeforeWhenAPromotedTrialFails() {
    PlayedStudy played =
        play(thirds(), 12, 3, (trial, step) -> trial == 3 && step > 1 ? Double.NaN : 0.01 * trial);
    assertThat(played.status(3)).isEqualTo(TrialStatus.STOPPED);
    assertThat(played.inRung(1)).containsExactlyInAnyOrder(1, 2, 3, 4);
    assertThat(played.inRung(2)).containsExactly(1);
  }

  /**
   * Determined divides from the top, we multiply from the bottom: 4 rungs up to 10 with a factor of
   * 2 are 1, 2, 5 and 10 there. Where the division leaves no rest both are the same.
   */
  @Test
  void d5ShouldMakeTheRungs() {
    assertThat(Ladder.geometric(1, 9, 3).levels()).containsExactly(1L, 3L, 9L);
    assertThat(Ladder.geometric(9, 9, 3).levels()).containsExactly(9L);
    assertThat(Ladder.geometric(100, 900, 3).levels()).containsExactly(100L, 300L, 900L);
    assertThat(Ladder.geometric(1, 10, 2).levels()).containsExactly(1L, 2L, 4L, 8L, 10L);
  }

  @Test
  void d6ShouldLetTheFirstAndTheBetterGoOnAndStopTheWorse() {
    assertThat(Rungs.verdicts(new StoppingAsha(3), 0.5, 0.4, 0.6))
        .containsExactly(CONTINUE, CONTINUE, STOP);
  }

  /** 10 trials, 3 at a time, each worse than the last: the first reaches the top. */
  @Test
  void d7ShouldStopNineOfTenThatGetWorseAndWorse() {
    PlayedStudy played =
        play(
            Plans.plan().levels(100, 900, 3).mode(Mode.STOPPING),
            10,
            3,
            (trial, step) -> 0.1 * trial + 0.01 * step);
    assertThat(played.entered()).containsExactly(10, 1, 1);
    assertThat(played.status(1)).isEqualTo(TrialStatus.COMPLETED);
    assertThat(IntStream.rangeClosed(2, 10).mapToObj(played::status))
        .containsOnly(TrialStatus.STOPPED);
  }

  @Test
  void d8ShouldInsertAnEntryAtItsRank() {
    assertThat(rankOf(1.2, 0, 1.5, 2.1)).isEqualTo(1);
    assertThat(rankOf(3, 0, 1.5, 2)).isEqualTo(3);
    assertThat(rankOf(-3.4, -3, -2, -1)).isZero();
    assertThat(rankOf(0)).isZero();
  }

  /**
   * Determined hands five trials to two brackets in turn, three to the one of two rungs; our
   * brackets are drawn by a hash, so each is played alone.
   */
  @Test
  void d9ShouldPromoteOneOfThreeAndTrainTheOtherBracketToTheTop() {
    PlayedStudy two = play(Plans.plan().levels(300, 900, 3), 3, 3, (trial, step) -> 0.1 * trial);
    assertThat(two.entered()).containsExactly(3, 1);
    assertThat(two.inRung(1)).containsExactly(1);
    PlayedStudy one =
        play(Plans.plan().levels(900, 900, 3), 2, 2, (trial, step) -> 0.3 + 0.1 * trial);
    assertThat(one.entered()).containsExactly(2);
    assertThat(one.status(1)).isEqualTo(TrialStatus.COMPLETED);
    assertThat(one.status(2)).isEqualTo(TrialStatus.COMPLETED);
  }

  /** Rungs of 10, 30 and 90 steps there; only their ratio matters. */
  private static Plans thirds() {
    return Plans.plan().levels(1, 9, 3);
  }

  private static int rankOf(double value, double... others) {
    Rung rung = Rung.of(1);
    for (double other : others) {
      rung.insert(rung.size(), other);
    }
    rung.insert(others.length, value);
    return rung.rank(others.length);
  }
}
