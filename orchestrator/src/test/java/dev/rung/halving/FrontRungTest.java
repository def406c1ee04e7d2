package dev.rung.halving;

import static dev.rung.halving.Brackets.bracket;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.halving.HalvingRule.Promotion;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rungs of two and three objectives, worked by hand. Trials are numbered in order of arrival. */
class FrontRungTest {

  /**
   * Syne Tune's MOASHA takes the indices of its sorted entries for their priorities, so that of
   * these the last, which dominates all others, would be stopped.
   */
  @Test
  void shouldRankAnEntryFirstThatDominatesAllOthers() {
    Rung rung = rung(new double[][] {{0, 0}, {1, 1}, {2, 2}, {-1, -1}});
    assertThat(RungWalk.ranking(rung)).containsExactly(3, 0, 1, 2);
    assertThat(fronts(rung)).containsExactly(1, 2, 3, 0);
    assertThat(new StoppingAsha(3).mayGoOn(rung, 1.0 / 3, 3)).isTrue();
    assertThat(new StoppingAsha(3).mayGoOn(rung, 1.0 / 3, 0)).isFalse();
  }

  /**
   * All on one front, and their ranges are 0 to 1. First (0, 1), which has the lowest first loss;
   * then (1, 0) at a squared distance of 2; then (0.5, 0.5), 0.5 from both; then (0.1, 0.9).
   */
  @Test
  void shouldSpreadAFrontFarthestFirst() {
    Rung rung = rung(new double[][] {{0.1, 0.9}, {0.5, 0.5}, {1, 0}, {0, 1}});
    assertThat(fronts(rung)).containsOnly(0);
    assertThat(RungWalk.ranking(rung)).containsExactly(3, 2, 1, 0);
  }

  /**
   * Scaled they are (0, 1), (0.1, 0.1), (0.6, 0.09) and (1, 0): after the two ends trial 1 is the
   * farthest, 0.82 from both, and trial 2 only 0.168 from the second. Unscaled trial 2 would be,
   * 400 from the second end, while trial 1 is 100 from the first.
   */
  @Test
  void shouldScaleTheObjectivesBeforeItMeasuresDistances() {
    Rung rung = rung(new double[][] {{0, 10}, {100, 1}, {600, 0.9}, {1000, 0}});
    assertThat(RungWalk.ranking(rung)).containsExactly(0, 3, 1, 2);
  }

  /** The third objective of all is 5: it has no range. */
  @Test
  void shouldNotCountAnObjectiveWithoutRange() {
    Rung rung = rung(new double[][] {{0.1, 0.9, 5}, {0.5, 0.5, 5}, {1, 0, 5}, {0, 1, 5}});
    assertThat(RungWalk.ranking(rung)).containsExactly(3, 2, 1, 0);
  }

  @Test
  void shouldMeasureRangesBeyondTheLargestNumber() {
    double huge = Double.MAX_VALUE;
    Rung rung =
        rung(new double[][] {{-huge, huge}, {-0.8 * huge, 0.8 * huge}, {0, 0}, {huge, -huge}});
    assertThat(RungWalk.ranking(rung)).containsExactly(0, 3, 2, 1);
  }

  /** (2, 3) and (3, 2) leave for the second front, (4, 4) for the third; (0, 9) stays. */
  @Test
  void shouldMoveDownWhatANewEntryDominates() {
    Rung rung = rung(new double[][] {{0, 9}, {2, 3}, {3, 2}, {4, 4}});
    assertThat(fronts(rung)).containsExactly(0, 0, 0, 1);
    rung.insert(4, new double[] {1, 1}, 0);
    assertThat(fronts(rung)).containsExactly(0, 1, 1, 2, 0);
    rung.remove(4);
    assertThat(fronts(rung)).containsExactly(0, 0, 0, 1);
  }

  /** Each of the unit vectors is the best in two of three; (1, 1, 1) is dominated by all. */
  @Test
  void shouldSortThreeObjectives() {
    Rung rung = rung(new double[][] {{1, 1, 1}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {0, 2, 1}});
    assertThat(fronts(rung)).containsExactly(1, 0, 0, 0, 1);
    // Trials 2 and 3 share the lowest first loss; trials 1 and 3 are as far from 2, 4 joins 0.
    assertThat(RungWalk.ranking(rung)).containsExactly(2, 1, 3, 4, 0);
  }

  /** Equal entries do not dominate each other, and each has as many better ones as the first. */
  @Test
  void shouldKeepEqualEntriesOnOneFront() {
    Rung rung = rung(new double[][] {{1, 1}, {1, 1}, {0, 2}, {1, 1}});
    assertThat(fronts(rung)).containsExactly(0, 0, 0, 0);
    assertThat(RungWalk.ranking(rung)).containsExactly(2, 0, 1, 3);
    assertThat(IntStream.range(0, 4).map(rung::countBetter)).containsExactly(1, 1, 0, 1);
  }

  @Test
  void shouldRankInfeasibleEntriesByViolationAndThoseThatAreNotFiniteLast() {
    Rung rung = Rung.of(2);
    rung.insert(0, new double[] {0, Double.NaN}, 0);
    rung.insert(1, new double[] {0, 0}, 2);
    rung.insert(2, new double[] {9, 9}, 1);
    rung.insert(3, new double[] {5, 5}, 0);
    rung.insert(4, new double[] {0, 0}, 1);
    assertThat(RungWalk.ranking(rung)).containsExactly(3, 2, 4, 1, 0);
    assertThat(fronts(rung)).containsExactly(1, 1, 1, 0, 1);
    assertThat(rung.isFinite(0)).isFalse();
    assertThat(rung.loss(0)).isInfinite();
    assertThat(rung.losses(0)).containsExactly(0, Double.POSITIVE_INFINITY);
    assertThat(rung.countBetter(4)).isEqualTo(1);
  }

  /** Six entries, of which two may go on: one that is promoted and the next in order. */
  @Test
  void shouldPromoteByTheOrderOfTheFronts() {
    Rung rung = rung(new double[][] {{3, 3}, {0, 2}, {4, 4}, {2, 0}, {5, 5}, {6, 6}});
    IntStream.range(0, 6).forEach(trial -> rung.setOpen(trial, true));
    PromotionAsha third = new PromotionAsha(3, false);
    Ladder ladder = new Ladder(1, List.of(1L, 3L));
    assertThat(third.next(bracket(ladder, List.of(rung, Rung.of(2))), -1))
        .contains(new Promotion(1, 0, true));
    rung.promote(1);
    assertThat(third.next(bracket(ladder, List.of(rung, Rung.of(2))), -1))
        .contains(new Promotion(3, 0, true));
    rung.promote(3);
    assertThat(third.next(bracket(ladder, List.of(rung, Rung.of(2))), -1)).isEmpty();
  }

  @Test
  void shouldNeverPromoteAnEntryThatIsNotFinite() {
    Rung rung =
        rung(new double[][] {{0, Double.NaN}, {0, Double.NEGATIVE_INFINITY}, {Double.NaN, 0}});
    IntStream.range(0, 3).forEach(trial -> rung.setOpen(trial, true));
    assertThat(
            new PromotionAsha(3, false)
                .next(bracket(new Ladder(1, List.of(1L, 3L)), List.of(rung, Rung.of(2))), -1))
        .isEmpty();
  }

  /** In order: trial 1 and trial 3 of the first front, then 0 and 2. */
  @Test
  void shouldAddUpWhatTheBestHaveCost() {
    Rung rung = Rung.of(2);
    double[][] points = {{3, 3}, {0, 2}, {4, 4}, {2, 0}};
    for (int trial = 0; trial < 4; trial++) {
      rung.insert(trial, points[trial], 0, 1 << trial);
    }
    assertThat(IntStream.rangeClosed(0, 4).mapToDouble(rung::costOfFirst))
        .containsExactly(0.0, 2.0, 10.0, 11.0, 15.0);
  }

  private static Rung rung(double[][] points) {
    Rung rung = Rung.of(points[0].length);
    for (int trial = 0; trial < points.length; trial++) {
      rung.insert(trial, points[trial], 0);
    }
    return rung;
  }

  private static IntStream fronts(Rung rung) {
    return IntStream.of(rung.trialsByArrival()).map(rung::front);
  }
}
