package dev.rung.searcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rung.searcher.Observation.Begun;
import dev.rung.searcher.Observation.Entered;
import dev.rung.space.Assignment;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.SearchSpace;
import dev.rung.space.Value.DoubleValue;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TpeProposerTest {
  private static final SearchSpace LINE =
      new SearchSpace(List.of(new FloatParameter("x", 0, 1, false, 0)));

  /** Optuna's default gamma: min(ceil(n / 10), 25); without the bound for several objectives. */
  @Test
  void shouldTakeATenthOfTheTrialsAsGood() {
    assertThat(IntStream.of(10, 11, 16, 64, 100, 250, 251, 10_000).map(n -> TpeProposer.good(n, 1)))
        .containsExactly(1, 2, 2, 7, 10, 25, 25, 25);
    assertThat(TpeProposer.good(251, 2)).isEqualTo(26);
  }

  /** Optuna's default weights: a ramp from 1/n to 1 over all but the newest 25. */
  @Test
  void shouldWeighTheNewestTrialsMost() {
    assertThat(TpeProposer.weights(0)).isEmpty();
    assertThat(TpeProposer.weights(24)).hasSize(24).containsOnly(1);
    assertThat(TpeProposer.weights(25)).hasSize(25).containsOnly(1);
    assertThat(TpeProposer.weights(26)).startsWith(1.0 / 26, 1).endsWith(1);
    assertThat(TpeProposer.weights(27)).startsWith(1.0 / 27, 1, 1);
    double[] weights = TpeProposer.weights(28);
    assertThat(weights[0]).isCloseTo(0.0357143, within(1e-7));
    assertThat(weights[1]).isCloseTo(0.5178571, within(1e-7));
    assertThat(weights[2]).isEqualTo(1);
  }

  /**
   * 0.2 n^(-1/(d+4)), at least 1/(n+2) and 1/100: 32^(-1/5) = 1/2, 10^(-5/10) = .3162278,
   * (10^10)^(-1/5) = 1/100.
   */
  @Test
  void shouldNarrowWithTheNumberOfTrials() {
    assertThat(TpeProposer.deviation(32, 1)).isCloseTo(0.1, within(1e-12));
    assertThat(TpeProposer.deviation(100_000, 6)).isCloseTo(0.0632456, within(1e-7));
    assertThat(TpeProposer.deviation(1, 1)).isCloseTo(0.3333333, within(1e-7));
    assertThat(TpeProposer.deviation(2, 1)).isEqualTo(0.25);
    assertThat(TpeProposer.deviation(0, 1)).isEqualTo(0.5);
    assertThat(TpeProposer.deviation(Integer.MAX_VALUE, 1)).isEqualTo(0.01);
  }

  @Test
  void shouldDrawRandomPointsBeforeTenEntries() {
    TpeProposer proposer = new TpeProposer(LINE, 3);
    for (int trial = 1; trial <= 9; trial++) {
      enter(proposer, trial, 0.5, 0, 1);
    }
    Assignment ninth = first(proposer, 11);
    assertThat(first(new TpeProposer(LINE, 3), 11)).isEqualTo(ninth);
    enter(proposer, 10, 0.5, 0, 1);
    assertThat(first(proposer, 11)).isNotEqualTo(ninth);
  }

  /** The best of 20 is at 0.9, the others lie around 0.2. */
  @Test
  void shouldProposeWhereGoodTrialsAre() {
    TpeProposer proposer = new TpeProposer(LINE, 3);
    for (int trial = 1; trial <= 18; trial++) {
      enter(proposer, trial, 0.1 + trial * 0.01, 0, 5);
    }
    enter(proposer, 19, 0.88, 0, 1);
    enter(proposer, 20, 0.92, 0, 1);
    for (int trial = 21; trial <= 40; trial++) {
      assertThat(x(first(proposer, trial))).as("trial %d", trial).isGreaterThan(0.6);
    }
  }

  /** The rung above says the opposite of the first one, once it has ten entries. */
  @Test
  void shouldModelTheHighestRungWithEnoughEntries() {
    TpeProposer proposer = new TpeProposer(LINE, 3);
    for (int trial = 1; trial <= 20; trial++) {
      enter(proposer, trial, trial * 0.05, 0, trial);
    }
    for (int trial = 1; trial <= 9; trial++) {
      proposer.observe(new Entered(trial * 2, 1, List.of(-1.0 * trial), 0));
    }
    assertThat(x(first(proposer, 21))).isLessThan(0.5);
    proposer.observe(new Entered(20, 1, List.of(-10.0), 0));
    assertThat(x(first(proposer, 21))).isGreaterThan(0.5);
  }

  /** Two good places; trials that run at one of them send the next to the other. */
  @Test
  void shouldKeepAwayFromTrialsThatRun() {
    TpeProposer proposer = new TpeProposer(LINE, 3);
    for (int trial = 1; trial <= 11; trial++) {
      double x = trial == 1 ? 0.1 : trial == 2 ? 0.9 : 0.4 + trial * 0.02;
      enter(proposer, trial, x, 0, trial <= 2 ? 1 : 5);
    }
    for (int trial = 12; trial <= 31; trial++) {
      proposer.observe(new Begun(trial, at(0.05 + (trial - 12) * 0.005)));
    }
    assertThat(x(first(proposer, 40))).isGreaterThan(0.5);
    for (int trial = 12; trial <= 31; trial++) {
      proposer.observe(new Observation.Closed(trial));
      proposer.observe(new Begun(trial + 20, at(0.95 - (trial - 12) * 0.005)));
    }
    assertThat(x(first(proposer, 60))).isLessThan(0.5);
  }

  @Test
  void shouldForgetWhatCannotBeTrained() {
    TpeProposer proposer = new TpeProposer(LINE, 3);
    for (int trial = 1; trial <= 10; trial++) {
      enter(proposer, trial, trial == 1 ? 0.05 : 0.5 + trial * 0.04, 0, trial);
    }
    Assignment before = first(proposer, 12);
    enter(proposer, 11, 0.95, 0, -1);
    assertThat(first(proposer, 12)).isNotEqualTo(before);
    proposer.observe(new Observation.Withdrawn(11));
    assertThat(first(proposer, 12)).isEqualTo(before);
  }

  private static void enter(Proposer proposer, int trial, double x, int rung, double loss) {
    proposer.observe(new Begun(trial, at(x)));
    proposer.observe(new Entered(trial, rung, List.of(loss), 0));
  }

  private static Assignment at(double x) {
    return new Assignment(List.of(new DoubleValue(x)));
  }

  private static Assignment first(Proposer proposer, int trial) {
    return proposer.proposals(trial).findFirst().orElseThrow();
  }

  private static double x(Assignment assignment) {
    return ((DoubleValue) assignment.values().get(0)).value();
  }
}
