package dev.rung.conformance;

import static dev.rung.conformance.Rungs.maximized;
import static dev.rung.halving.Brackets.bracket;
import static dev.rung.study.StudyEvent.Verdict.CONTINUE;
import static dev.rung.study.StudyEvent.Verdict.STOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rung.halving.CostAwareAsha;
import dev.rung.halving.HalvingRule.Promotion;
import dev.rung.halving.Ladder;
import dev.rung.halving.Pasha;
import dev.rung.halving.QuantileAsha;
import dev.rung.halving.Rung;
import dev.rung.halving.StoppingAsha;
import dev.rung.space.KeyedRandom;
import dev.rung.study.StudyEvent.Verdict;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Syne Tune (awslabs, commit fdd4464, the last with the whole of asynchronous Hyperband).
 *
 * <p>Left out: of S1 the pending records, which belong to its searcher; of S3 the variant in which
 * a resumed trial begins again at epoch 1, since steps are counted over a trial's life here and
 * what was lost has been paid all the same; of S5 scalarisation, and S6, hypervolume, which no rule
 * of ours uses; S7, the simulator's queue, which is not part of the rules; S8, guessing the largest
 * resource, which a study file states.
 */
class SyneTuneVectorsTest {

  @Test
  void s1ShouldStopTheFourthThatIsTheWorst() {
    assertThat(Rungs.verdicts(new StoppingAsha(3), 1.0, 0.9, 0.8, 1.2))
        .containsExactly(CONTINUE, CONTINUE, CONTINUE, STOP);
    assertThat(Ladder.geometric(3, 27, 3).levels()).containsExactly(3L, 9L, 27L);
  }

  /** Of both signs, so that both goals are met; the quantile as NumPy interpolates it. */
  @Test
  void s2ShouldLetPassWhatIsAtMostTheQuantile() {
    for (int draw = 0; draw < 100; draw++) {
      KeyedRandom random = KeyedRandom.stream(2, "quantile", draw);
      double level = 0.01 + 0.49 * random.nextDouble();
      double sign = draw % 2 == 0 ? 1 : -1;
      double[] losses = new double[2 + random.nextInt(30)];
      Arrays.setAll(losses, i -> sign * random.nextDouble());
      Rung rung = Rung.of(1);
      IntStream.range(0, losses.length).forEach(i -> rung.insert(i, losses[i]));
      double quantile = quantile(losses, level);
      long atMost = Arrays.stream(losses).filter(loss -> loss <= quantile).count();
      assertThat(new QuantileAsha(3).quota(rung, level))
          .as("draw %d", draw)
          .isEqualTo((int) atMost);
    }
  }

  private static double quantile(double[] values, double level) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    double place = level * (sorted.length - 1);
    int low = (int) Math.floor(place);
    int high = (int) Math.ceil(place);
    return sorted[low] * (1 - (place - low)) + sorted[high] * (place - low);
  }

  /** More is better; t0 to t2 are 0 to 2, and costs are what a trial has cost so far. */
  @Test
  void s3ShouldPromoteWhileTheBestHaveCostAtMostAThird() {
    CostAwareAsha rule = new CostAwareAsha(3);
    List<Rung> rungs = Stream.generate(() -> Rung.of(1)).limit(4).toList();
    Ladder ladder = Ladder.geometric(1, 27, 3);
    pause(rungs.get(0), 0, 0.9, 1);
    assertThat(next(rule, ladder, rungs)).isEmpty();
    pause(rungs.get(0), 1, 0.8, 3);
    // 1 < 4 / 3
    assertThat(next(rule, ladder, rungs)).contains(new Promotion(0, 0, true));
    rungs.get(0).promote(0);
    pause(rungs.get(0), 2, 0.7, 10);
    pause(rungs.get(1), 0, 0.95, 1 + 3);
    // 1 + 3 < 14 / 3
    assertThat(next(rule, ladder, rungs)).contains(new Promotion(1, 0, true));
    rungs.get(0).promote(1);
    pause(rungs.get(1), 1, 0.85, 3 + 4);
    // 4 > 11 / 3
    assertThat(next(rule, ladder, rungs)).isEmpty();
  }

  private static void pause(Rung rung, int trial, double value, double cost) {
    rung.insert(trial, new double[] {-value}, 0, cost);
    rung.setOpen(trial, true);
  }

  private static Optional<Promotion> next(CostAwareAsha rule, Ladder ladder, List<Rung> rungs) {
    return rule.next(bracket(ladder, rungs), -1);
  }

  @Test
  void s4ShouldFindTheOrdersOfTwoRungsStableWithinTheNoise() {
    double[] top = {10, 19.6, 14.3, 11.6};
    double[] previous = {10.1, 19.7, 14.2, 11.5};
    assertThat(Pasha.isStable(top, previous, 0.3)).isTrue();
    double[] close = {10, 14.6, 14.3, 11.6};
    double[] swapped = {10, 14.2, 14.3, 11.6};
    assertThat(Pasha.isStable(close, swapped, 0.3)).isTrue();
    assertThat(Pasha.isStable(close, swapped, 0.03)).isFalse();
    assertThat(Pasha.isStable(maximized(close), maximized(swapped), 0.3)).isTrue();
    assertThat(Pasha.isStable(maximized(close), maximized(swapped), 0.03)).isFalse();
    double[] other = {10, 11.55, 14.3, 11.6};
    assertThat(Pasha.isStable(maximized(other), maximized(previous), 0.1)).isFalse();
    assertThat(Pasha.isStable(new double[0], new double[0], 0.1)).isTrue();
  }

  @Test
  void s5ShouldJudgeTwoObjectivesByTheirFronts() {
    assertThat(both(maximized(2, 4, 1))).containsExactly(CONTINUE, CONTINUE, STOP);
    assertThat(both(4, 2, 10)).containsExactly(CONTINUE, CONTINUE, STOP);
  }

  private static List<Verdict> both(double... losses) {
    Rung rung = Rung.of(2);
    return Arrays.stream(losses)
        .mapToObj(loss -> Rungs.report(new StoppingAsha(2), rung, loss, loss))
        .toList();
  }

  /** The levels 1, 3, 9, 27 and 81 with 200 keep a third each, and 81 / 200 at the last step. */
  @Test
  void levelsShouldKeepTheirRatio() {
    Ladder ladder = Ladder.geometric(1, 200, 3);
    assertThat(ladder.levels()).containsExactly(1L, 3L, 9L, 27L, 81L, 200L);
    for (int rung = 0; rung < 4; rung++) {
      assertThat(ladder.share(rung)).isCloseTo(1.0 / 3, within(1e-12));
    }
    assertThat(ladder.share(4)).isCloseTo(0.405, within(1e-12));
  }
}
