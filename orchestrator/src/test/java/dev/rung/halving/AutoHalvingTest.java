package dev.rung.halving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.halving.HalvingRule.Promotion;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The rule with eta 3 on the levels 1, 3, 9, 27, 81 where nothing else is said: trials start at 3,
 * and probes are carried to 9.
 */
class AutoHalvingTest {
  private static final AutoHalving RULE = new AutoHalving(3);
  private final Trials trials = new Trials();
  private final Bracket bracket = new Bracket(RULE.ladder(1, 81), "", 1, trials);

  /** Numbers of levels by hand: 1 + log(max / min) / log(3) is 4, 4.58, 3.58, 7.29, 1 and 1.37. */
  @ParameterizedTest
  @CsvSource({
    "1, 27, 1 3 9 27",
    "1, 51, 1 3 7 19 51",
    "3, 51, 3 8 20 51",
    "1, 1000, 1 3 10 32 100 316 1000",
    "10, 10, 10",
    "2, 3, 3"
  })
  void shouldSpaceItsLevelsEvenly(long min, long max, String levels) {
    assertThat(RULE.ladder(min, max).levels())
        .isEqualTo(List.of(levels.split(" ")).stream().map(Long::valueOf).toList());
  }

  /** sqrt(3) is between 1 and 2, and 3^4.5 = 140.3: half of a step counts as a whole one. */
  @Test
  void shouldRoundTheNumberOfLevelsHalfUp() {
    assertThat(Ladder.even(1, 140, 3).levels()).hasSize(5);
    assertThat(Ladder.even(1, 141, 3).levels()).hasSize(6);
    assertThat(Ladder.even(1, 2, 4).levels()).containsExactly(1L, 2L);
  }

  /** The lowest level of at least 81 / 27 = 3; of 1000 / 27 = 37.04 it is 100. */
  @Test
  void shouldStartAtTheLowestLevelThatIsNotTooLow() {
    assertThat(RULE.ladder(1, 81).start()).isEqualTo(1);
    assertThat(RULE.ladder(1, 27).start()).isZero();
    assertThat(RULE.ladder(1, 1000).start()).isEqualTo(4);
    assertThat(RULE.ladder(1, 81).probing()).contains(new Probing(2, 12));
    assertThat(RULE.ladder(5, 5).probing()).isEmpty();
    assertThat(RULE.ladder(1, 3))
        .isEqualTo(new Ladder(1, List.of(1L, 3L), 0, Optional.of(new Probing(1, 12))));
  }

  @Test
  void shouldCarryProbesWhateverTheirRankAndDivergedOnesNot() {
    probes(12);
    IntStream.rangeClosed(1, 3).forEach(t -> enter(t, 1, t));
    enter(4, 1, Double.NaN);
    assertThat(RULE.atMilestone(bracket, 1, 3)).isEqualTo(new Fate.Carry());
    IntStream.rangeClosed(2, 4).forEach(t -> bracket.rungs().get(1).setOpen(t, true));
    assertThat(RULE.next(bracket, -1)).contains(new Promotion(2, 1, false));
    assertThat(RULE.next(bracket, 1)).contains(new Promotion(1, 1, false));
    assertThat(RULE.promotable(bracket)).isEqualTo(2);
    assertThat(RULE.atMilestone(bracket, 2, 3)).isEqualTo(new Fate.Compete());
  }

  /** All orders agree, so the start is the lowest level: tau is 1 there, and it is the start. */
  @Test
  void shouldKeepTheFirstGuessWhereItAgreesAndTooFewTrialsSpeakForALowerOne() {
    probes(12);
    all(0, IntStream.rangeClosed(1, 12).toArray());
    all(1, IntStream.rangeClosed(1, 12).toArray());
    all(2, IntStream.rangeClosed(1, 12).toArray());
    Revision revision = RULE.revise(bracket).orElseThrow();
    assertThat(revision.ladder())
        .isEqualTo(new Ladder(2, List.of(1L, 3L, 9L, 27L, 81L), 1, Optional.empty()));
    assertThat(revision.evidence())
        .isEqualTo("trials start at 3: tau 1.00 of 1 with 9, tau 1.00 of 3 with 9 over 12 probes");
  }

  /** With 20 trials at the start, all in the same order below it, the lower level is trusted. */
  @Test
  void shouldStartLowerWhereTwentyTrialsSpeakForIt() {
    probes(12);
    int[] twenty = IntStream.rangeClosed(1, 20).toArray();
    all(0, twenty);
    all(1, twenty);
    all(2, IntStream.rangeClosed(1, 12).toArray());
    assertThat(RULE.revise(bracket).orElseThrow().ladder().start()).isZero();
    bracket.rungs().get(1).remove(20);
    assertThat(RULE.revise(bracket).orElseThrow().ladder().start()).isEqualTo(1);
  }

  /** Reversed at the lowest level alone: tau is -1 there, and 1 at the start. */
  @Test
  void shouldNotStartWhereTheOrderIsReversed() {
    probes(12);
    int[] order = IntStream.rangeClosed(1, 12).toArray();
    all(0, IntStream.rangeClosed(1, 12).map(i -> 13 - i).toArray());
    all(1, order);
    all(2, order);
    assertThat(RULE.revise(bracket).orElseThrow())
        .isEqualTo(
            new Revision(
                new Ladder(2, List.of(1L, 3L, 9L, 27L, 81L), 1, Optional.empty()),
                "trials start at 3: tau -1.00 of 1 with 9, tau 1.00 of 3 with 9 over 12 probes"));
  }

  @Test
  void shouldClimbWhereNoLevelAgreesAndStopBelowTheTop() {
    probes(12);
    all(0, IntStream.rangeClosed(1, 12).map(i -> 13 - i).toArray());
    all(1, IntStream.rangeClosed(1, 12).map(i -> 13 - i).toArray());
    all(2, IntStream.rangeClosed(1, 12).toArray());
    Revision first = RULE.revise(bracket).orElseThrow();
    assertThat(first.ladder().start()).isEqualTo(2);
    assertThat(first.ladder().probing()).contains(new Probing(3, 12));
    assertThat(first.evidence()).endsWith("over 12 probes; the probes go on to 27");
    bracket.change(first.ladder(), "");
    assertThat(RULE.revise(bracket)).isEmpty();
    all(3, IntStream.rangeClosed(1, 12).map(i -> 13 - i).toArray());
    // At 9 tau is -1, at 1 and 3 it is 1, but they are below the start, and 12 trials too few.
    Revision second = RULE.revise(bracket).orElseThrow();
    assertThat(second.ladder().start()).isEqualTo(3);
    assertThat(second.ladder().probing()).isEmpty();
    bracket.change(second.ladder(), "");
    assertThat(RULE.revise(bracket)).isEmpty();
  }

  @Test
  void shouldAskForOneMoreProbeWhereAllButFiveDiverge() {
    probes(12);
    IntStream.rangeClosed(1, 5).forEach(t -> enter(t, 1, t));
    IntStream.rangeClosed(1, 5).forEach(t -> enter(t, 2, t));
    IntStream.rangeClosed(6, 12).forEach(t -> enter(t, 1, Double.NaN));
    assertThat(RULE.revise(bracket)).isEmpty();
    IntStream.rangeClosed(6, 12).forEach(trials::close);
    Revision more = RULE.revise(bracket).orElseThrow();
    assertThat(more.ladder().probing()).contains(new Probing(2, 13));
    assertThat(more.ladder().start()).isEqualTo(1);
    bracket.change(more.ladder(), "");
    assertThat(RULE.revise(bracket)).isEmpty();
    trials.at(13, 1);
    bracket.begin(13);
    bracket.begin(14);
    assertThat(bracket.probes()).contains(13).doesNotContain(14);
    enter(13, 1, 6);
    assertThat(RULE.revise(bracket)).isEmpty();
    enter(13, 2, 6);
    assertThat(RULE.revise(bracket).orElseThrow().ladder().probing()).isEmpty();
  }

  /** floor(9 / 3) = 3 are promoted; the fourth waits until floor(n / 3) is 4. */
  @Test
  void shouldDelayAPromotionUntilItsShareIsFree() {
    bracket.change(new Ladder(2, List.of(1L, 3L, 9L, 27L, 81L), 1, Optional.empty()), "");
    IntStream.rangeClosed(1, 9).forEach(t -> open(t, 1, t));
    IntStream.rangeClosed(1, 3).forEach(t -> bracket.rungs().get(1).promote(t));
    open(10, 1, 0.5);
    assertThat(RULE.next(bracket, -1)).isEmpty();
    assertThat(RULE.promotable(bracket)).isZero();
    open(11, 1, 20);
    assertThat(RULE.next(bracket, -1)).isEmpty();
    open(12, 1, 21);
    assertThat(RULE.next(bracket, -1)).contains(new Promotion(10, 1, true));
    assertThat(RULE.promotable(bracket)).isEqualTo(1);
  }

  /** Probes that went on whatever their rank take no share of the promotions. */
  @Test
  void shouldNotCountCarriedProbesAsPromotions() {
    bracket.change(new Ladder(2, List.of(1L, 3L, 9L, 27L, 81L), 1, Optional.empty()), "");
    IntStream.rangeClosed(1, 12).forEach(t -> enter(t, 1, t));
    IntStream.rangeClosed(1, 12).forEach(t -> bracket.rungs().get(1).promote(t, false));
    open(13, 1, 0);
    assertThat(RULE.next(bracket, -1)).contains(new Promotion(13, 1, true));
  }

  @Test
  void shouldNotPromoteBelowTheStart() {
    bracket.change(new Ladder(2, List.of(1L, 3L, 9L, 27L, 81L), 1, Optional.empty()), "");
    IntStream.rangeClosed(1, 9).forEach(t -> open(t, 0, t));
    assertThat(RULE.next(bracket, -1)).isEmpty();
    assertThat(RULE.promotable(bracket)).isZero();
  }

  private void probes(int count) {
    for (int trial = 1; trial <= count; trial++) {
      trials.at(trial, 1);
      bracket.begin(trial);
    }
  }

  /** Trials from 1 on with these losses; all but those of the highest rung have gone on. */
  private void all(int rung, int[] losses) {
    for (int i = 0; i < losses.length; i++) {
      enter(i + 1, rung, losses[i]);
    }
  }

  private void open(int trial, int rung, double loss) {
    enter(trial, rung, loss);
    bracket.rungs().get(rung).setOpen(trial, true);
  }

  private void enter(int trial, int rung, double loss) {
    trials.at(trial, rung);
    bracket.rungs().get(rung).insert(trial, loss);
  }
}
