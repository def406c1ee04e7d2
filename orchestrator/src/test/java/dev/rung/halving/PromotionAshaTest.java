package dev.rung.halving;

import static dev.rung.halving.Brackets.bracket;
import static dev.rung.halving.RungTest.rung;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.halving.HalvingRule.Promotion;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The rule of Li et al., MLSys 2020, algorithm 2: a rung with n entries lets the first floor(n /
 * eta) of them go on. Trials are numbered from 0 in order of arrival.
 */
class PromotionAshaTest {
  private static final PromotionAsha THIRD = new PromotionAsha(3, false);
  private static final PromotionAsha DELAYED = new PromotionAsha(3, true);
  private static final double SHARE = 1.0 / 3;

  @ParameterizedTest
  @CsvSource({
    "3, 0, 0",
    "3, 2, 0",
    "3, 3, 1",
    "3, 5, 1",
    "3, 6, 2",
    "3, 8, 2",
    "3, 9, 3",
    "2, 1, 0",
    "2, 2, 1",
    "2, 3, 1",
    "4, 15, 3",
    "4, 16, 4"
  })
  void shouldLetFloorOfNOverEtaGoOn(int eta, int n, int quota) {
    assertThat(new PromotionAsha(eta, false).quota(rung(new double[n]), SHARE)).isEqualTo(quota);
  }

  @Test
  void shouldPromoteNoneWhileFewerThanEtaEntered() {
    assertThat(THIRD.next(bracket(ladder(2), List.of(open(0.1, 0.2), Rung.of(1))), -1)).isEmpty();
  }

  @Test
  void shouldPromoteTheBestWhenEtaEntered() {
    assertThat(THIRD.next(bracket(ladder(2), List.of(open(0.3, 0.1, 0.2), Rung.of(1))), -1))
        .contains(new Promotion(1, 0, true));
  }

  /** floor(5 / 3) = 1 and ceil(5 / 3) = 2: the second best of five stays. */
  @Test
  void shouldRoundTheQuotaDown() {
    Rung rung = open(0.1, 0.2, 0.3, 0.4, 0.5);
    rung.promote(0);
    assertThat(THIRD.next(bracket(ladder(2), List.of(rung, Rung.of(1))), -1)).isEmpty();
  }

  /** Rank 2, the third, is not below floor(8 / 3) = 2; with a ninth entry it is below 3. */
  @Test
  void shouldKeepTheRankThatEqualsTheQuota() {
    Rung rung = open(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8);
    rung.promote(0);
    rung.promote(1);
    assertThat(THIRD.next(bracket(ladder(2), List.of(rung, Rung.of(1))), -1)).isEmpty();
    rung.insert(8, 0.9);
    assertThat(THIRD.next(bracket(ladder(2), List.of(rung, Rung.of(1))), -1))
        .contains(new Promotion(2, 0, true));
  }

  @Test
  void shouldLookFromTheTopRungDown() {
    Rung low = open(0.1, 0.2, 0.3, 0.4, 0.5, 0.6);
    Rung high = open(0.9, 0.8, 0.7);
    assertThat(THIRD.next(bracket(ladder(3), List.of(low, high, Rung.of(1))), -1))
        .contains(new Promotion(2, 1, true));
    high.promote(2);
    assertThat(THIRD.next(bracket(ladder(3), List.of(low, high, Rung.of(1))), -1))
        .contains(new Promotion(0, 0, true));
  }

  @Test
  void shouldPromoteNoneOutOfTheTopRung() {
    assertThat(THIRD.next(bracket(ladder(1), List.of(open(0.1, 0.2, 0.3))), -1)).isEmpty();
  }

  @Test
  void shouldPreferTheEarlierOfTwoEqualEntries() {
    assertThat(THIRD.next(bracket(ladder(2), List.of(open(0.2, 0.2, 0.2), Rung.of(1))), -1))
        .contains(new Promotion(0, 0, true));
  }

  /** The one quota of three entries belongs to the best, wherever that one is now. */
  @Test
  void shouldNotPassAPromotionOnWhenTheBestStillHoldsItsSlot() {
    Rung rung = open(0.2, 0.1, 0.3);
    rung.setOpen(1, false);
    assertThat(THIRD.next(bracket(ladder(2), List.of(rung, Rung.of(1))), -1)).isEmpty();
  }

  @Test
  void shouldNeverPromoteAValueThatIsNotFinite() {
    Rung rung = open(Double.NaN, Double.NaN, Double.NaN);
    assertThat(THIRD.next(bracket(ladder(2), List.of(rung, Rung.of(1))), -1)).isEmpty();
  }

  @Test
  void shouldCountAFailureInN() {
    assertThat(
            THIRD.next(
                bracket(ladder(2), List.of(open(0.5, Double.NaN, Double.NaN), Rung.of(1))), -1))
        .contains(new Promotion(0, 0, true));
  }

  @Test
  void shouldPromoteACandidateThatWaitsInItsSlot() {
    Rung rung = rung(0.3, 0.2, 0.1);
    assertThat(THIRD.next(bracket(ladder(2), List.of(rung, Rung.of(1))), 2))
        .contains(new Promotion(2, 0, true));
    assertThat(THIRD.next(bracket(ladder(2), List.of(rung, Rung.of(1))), -1)).isEmpty();
  }

  @Test
  void shouldPreferABetterOpenEntryToTheCandidate() {
    Rung rung = rung(0.1, 0.2, 0.3, 0.4, 0.5, 0.6);
    rung.setOpen(0, true);
    assertThat(THIRD.next(bracket(ladder(2), List.of(rung, Rung.of(1))), 1))
        .contains(new Promotion(0, 0, true));
  }

  @Test
  void shouldPreferABetterCandidateToAnOpenEntry() {
    Rung rung = rung(0.1, 0.2, 0.3, 0.4, 0.5, 0.6);
    rung.setOpen(1, true);
    assertThat(THIRD.next(bracket(ladder(2), List.of(rung, Rung.of(1))), 0))
        .contains(new Promotion(0, 0, true));
  }

  @Test
  void shouldNotPromoteACandidateTwice() {
    Rung rung = rung(0.1, 0.2, 0.3);
    rung.promote(0);
    assertThat(THIRD.next(bracket(ladder(2), List.of(rung, Rung.of(1))), 0)).isEmpty();
  }

  /** Plain promotion follows the ranks: a new best of nine may go on though three did before. */
  @Test
  void shouldPromoteALateBestWhenPromotionIsNotDelayed() {
    Rung rung = threeOfNinePromoted();
    rung.insert(9, 0.0);
    rung.setOpen(9, true);
    assertThat(THIRD.next(bracket(ladder(2), List.of(rung, Rung.of(1))), -1))
        .contains(new Promotion(9, 0, true));
    assertThat(THIRD.promotable(rung, SHARE)).isEqualTo(1);
  }

  /** Nine entries, three promoted, a new best arrives: floor(10 / 3) = 3 until n = 12. */
  @Test
  void shouldDelayThePromotionOfALateBestUntilTheQuotaGrows() {
    Rung rung = threeOfNinePromoted();
    for (int n = 10; n <= 11; n++) {
      rung.insert(n - 1, n == 10 ? 0.0 : 0.99);
      rung.setOpen(n - 1, true);
      assertThat(DELAYED.next(bracket(ladder(2), List.of(rung, Rung.of(1))), -1))
          .as("n = %d", n)
          .isEmpty();
      assertThat(DELAYED.next(bracket(ladder(2), List.of(rung, Rung.of(1))), 9))
          .as("n = %d", n)
          .isEmpty();
      assertThat(DELAYED.promotable(rung, SHARE)).as("n = %d", n).isZero();
    }
    rung.insert(11, 0.98);
    assertThat(DELAYED.next(bracket(ladder(2), List.of(rung, Rung.of(1))), -1))
        .contains(new Promotion(9, 0, true));
    assertThat(DELAYED.promotable(rung, SHARE)).isEqualTo(1);
  }

  @Test
  void shouldLookAtLowerRungsWhenADelayedRungIsExhausted() {
    Rung high = threeOfNinePromoted();
    high.insert(9, 0.0);
    high.setOpen(9, true);
    assertThat(DELAYED.next(bracket(ladder(3), List.of(open(0.5, 0.6, 0.7), high, Rung.of(1))), -1))
        .contains(new Promotion(0, 0, true));
  }

  /** n = 6, quota 2: both of the best two are open; with one promoted one is left. */
  @Test
  void shouldCountWhatMayGoOn() {
    Rung rung = open(0.1, 0.2, 0.3, 0.4, 0.5, 0.6);
    assertThat(THIRD.promotable(rung, SHARE)).isEqualTo(2);
    assertThat(DELAYED.promotable(rung, SHARE)).isEqualTo(2);
    rung.promote(0);
    assertThat(THIRD.promotable(rung, SHARE)).isEqualTo(1);
    assertThat(DELAYED.promotable(rung, SHARE)).isEqualTo(1);
    rung.insert(6, 0.01);
    rung.setOpen(6, true);
    rung.promote(1);
    assertThat(THIRD.promotable(rung, SHARE)).isEqualTo(1);
    assertThat(DELAYED.promotable(rung, SHARE)).isZero();
  }

  /** Fewer entries than promotions asked for: an infeasible trial took its entries with it. */
  @Test
  void shouldCountNoneWhenMoreWerePromotedThanTheQuota() {
    Rung rung = open(0.1, 0.2, 0.3, 0.4, 0.5, 0.6);
    rung.promote(0);
    rung.promote(1);
    rung.remove(5);
    rung.insert(6, 0.05);
    rung.remove(4);
    rung.setOpen(6, true);
    assertThat(DELAYED.promotable(rung, SHARE)).isZero();
    assertThat(DELAYED.next(bracket(ladder(2), List.of(rung, Rung.of(1))), -1)).isEmpty();
  }

  @Test
  void shouldStartWithTheGeometricLadder() {
    assertThat(THIRD.ladder(1, 27)).isEqualTo(Ladder.geometric(1, 27, 3));
    assertThat(THIRD.name()).isEqualTo("asha, promotion");
    assertThat(DELAYED.name()).isEqualTo("asha, delayed promotion");
  }

  @Test
  void shouldTrainEveryTrialToTheTopWithoutHalving() {
    NoHalving none = new NoHalving();
    assertThat(none.name()).isEqualTo("none");
    assertThat(none.ladder(1, 27)).isEqualTo(new Ladder(1, List.of(27L)));
    assertThat(none.next(bracket(ladder(2), List.of(open(0.1, 0.2, 0.3), Rung.of(1))), 0))
        .isEqualTo(Optional.empty());
    assertThat(none.promotable(open(0.1, 0.2, 0.3), SHARE)).isZero();
    assertThat(none.quota(rung(new double[5]), SHARE)).isEqualTo(5);
  }

  private static Rung threeOfNinePromoted() {
    Rung rung = open(0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9);
    rung.promote(0);
    rung.promote(1);
    rung.promote(2);
    return rung;
  }

  private static Ladder ladder(int rungs) {
    return new Ladder(1, List.of(1L, 3L, 9L).subList(0, rungs));
  }

  /** A rung whose trials are all paused without an attempt. */
  private static Rung open(double... losses) {
    Rung rung = rung(losses);
    for (int trial = 0; trial < losses.length; trial++) {
      rung.setOpen(trial, true);
    }
    return rung;
  }
}
