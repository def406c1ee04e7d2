package dev.rung.searcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rung.searcher.Observation.Begun;
import dev.rung.searcher.Observation.Earned;
import dev.rung.searcher.Observation.Entered;
import dev.rung.searcher.Observation.LadderKnown;
import dev.rung.searcher.Observation.Withdrawn;
import dev.rung.space.Assignment;
import dev.rung.space.Dimension;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.SearchSpace;
import dev.rung.space.Value.DoubleValue;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MeritProposerTest {
  private static final SearchSpace LINE =
      new SearchSpace(List.of(new FloatParameter("x", 0, 1, false, 0)));

  private static final List<Long> LEVELS = List.of(1L, 3L, 9L);

  private final Experience experience = new Experience(LINE);
  private final Merit merit = new Merit(experience, 3);

  /** Of 12 entries four may go on: 9th of them may not, 3rd may. */
  @Test
  void shouldCountACarriedTrialWhereItEarnedItsPlace() {
    experience.observe(new LadderKnown(0, LEVELS, 1));
    for (int trial = 1; trial <= 12; trial++) {
      enter(trial, 0, trial);
    }
    enter(9, 1, 0.5);
    enter(9, 2, 0.5);
    assertThat(merit.depth(9)).isZero();
    for (int trial = 1; trial <= 6; trial++) {
      experience.observe(new Withdrawn(trial));
      enter(20 + trial, 0, 20 + trial);
    }
    assertThat(merit.depth(9)).isEqualTo(1);
  }

  @Test
  void shouldKeepWhatATrialEarnedHoweverItRanksLater() {
    experience.observe(new LadderKnown(0, LEVELS, 1));
    for (int trial = 1; trial <= 12; trial++) {
      enter(trial, 0, trial);
    }
    enter(9, 1, 0.5);
    experience.observe(new Earned(9, 1));
    assertThat(merit.depth(9)).isEqualTo(1);
    // On its way to the next rung, without a value there.
    experience.observe(new Earned(9, 3));
    assertThat(merit.depth(9)).isEqualTo(1);
    enter(9, 2, 0.5);
    assertThat(merit.depth(9)).isEqualTo(2);
  }

  /**
   * First by depth, then by value there, then by number; 9 was carried and ranks where it would.
   */
  @Test
  void shouldOrderByDepthThenValueThenNumber() {
    experience.observe(new LadderKnown(0, LEVELS, 1));
    for (int trial = 1; trial <= 12; trial++) {
      enter(trial, 0, trial <= 4 ? trial : 7);
    }
    enter(2, 1, 0.9);
    enter(3, 1, 0.8);
    enter(9, 1, 0.1);
    assertThat(merit.best(5)).containsExactly(3, 2, 1, 4, 5);
    assertThat(merit.best(99)).containsExactly(3, 2, 1, 4, 5, 6, 7, 8, 9, 10, 11, 12);
  }

  @Test
  void shouldLookFromTheFirstRungInForceOn() {
    experience.observe(new LadderKnown(0, LEVELS, 3));
    for (int trial = 1; trial <= 4; trial++) {
      enter(trial, 0, trial);
      enter(trial, 1, -trial);
    }
    enter(5, 0, 0);
    assertThat(merit.best(9)).containsExactly(4, 3, 2, 1);
    // A rung that comes between leaves the others what they are.
    experience.observe(new LadderKnown(0, List.of(1L, 2L, 3L, 9L), 3));
    assertThat(merit.best(9)).containsExactly(4, 3, 2, 1);
  }

  /** ceil(n / 10), from 3 to 25. */
  @Test
  void shouldTakeATenthAsGood() {
    assertThat(IntStream.of(10, 30, 31, 100, 250, 251).map(MeritProposer::good))
        .containsExactly(3, 3, 4, 10, 25, 25);
  }

  /** 0.2 m^(-1/5), at least 0.03: 32^(-1/5) = 1/2, 3^(-1/5) = .8027416. */
  @Test
  void shouldNarrowWithTheSizeOfTheSet() {
    assertThat(MeritProposer.deviation(1)).isEqualTo(0.2);
    assertThat(MeritProposer.deviation(3)).isCloseTo(0.1605483, within(1e-7));
    assertThat(MeritProposer.deviation(32)).isCloseTo(0.1, within(1e-12));
    assertThat(MeritProposer.deviation(10_000_000)).isEqualTo(0.03);
  }

  /**
   * Good 0.2, 0.3, 0.4, bad seven others. At 0.3, with deviation .1605483: truncated densities
   * 2.2855, 2.5630, 2.0588 and 1, of which a fourth is 1.9786, and so on.
   */
  @Test
  void shouldScoreByTheRatioOfGoodToBad() {
    Dimension line = LINE.dimensions().get(0);
    Mixture good = MeritProposer.mixture(line, new double[] {0.2, 0.3, 0.4});
    Mixture bad = MeritProposer.mixture(line, new double[] {0.1, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95});
    assertThat(score(good, bad, 0.05)).isCloseTo(0.5032387, within(1e-7));
    assertThat(score(good, bad, 0.3)).isCloseTo(1.4879779, within(1e-7));
    assertThat(score(good, bad, 0.75)).isCloseTo(-1.5767110, within(1e-7));
    assertThat(good.logDensity(new double[] {0.3})).isCloseTo(0.6824010, within(1e-7));
  }

  @Test
  void shouldDrawRandomPointsUntilTenTrialsHaveAValueAtTheFirstRung() {
    MeritProposer proposer = new MeritProposer(LINE, 3, 3);
    proposer.observe(new LadderKnown(0, LEVELS, 1));
    for (int trial = 1; trial <= 9; trial++) {
      begin(proposer, trial, trial * 0.05, trial);
    }
    Assignment random = first(proposer, 11);
    assertThat(first(new MeritProposer(LINE, 3, 3), 11)).isEqualTo(random);
    begin(proposer, 10, 0.9, -1);
    assertThat(first(proposer, 11)).isNotEqualTo(random);
  }

  /** With 400 entries a part of the bad ones is drawn: the answer depends on the trial alone. */
  @Test
  void shouldProposeWhereGoodTrialsAre() {
    MeritProposer proposer = new MeritProposer(LINE, 3, 3);
    for (int trial = 1; trial <= 400; trial++) {
      double x = trial * 0.0025;
      begin(proposer, trial, x, Math.abs(x - 0.7));
    }
    for (int trial = 401; trial <= 420; trial++) {
      Assignment proposal = first(proposer, trial);
      assertThat(((DoubleValue) proposal.values().get(0)).value()).isBetween(0.6, 0.8);
      assertThat(first(proposer, trial)).isEqualTo(proposal);
    }
  }

  private static double score(Mixture good, Mixture bad, double x) {
    return good.logDensity(new double[] {x}) - bad.logDensity(new double[] {x});
  }

  private void enter(int trial, int rung, double loss) {
    experience.observe(new Entered(trial, LEVELS.get(rung), List.of(loss), 0));
  }

  private static void begin(Proposer proposer, int trial, double x, double loss) {
    proposer.observe(new Begun(trial, new Assignment(List.of(new DoubleValue(x)))));
    proposer.observe(new Entered(trial, 1, List.of(loss), 0));
  }

  private static Assignment first(Proposer proposer, int trial) {
    return proposer.proposals(trial).findFirst().orElseThrow();
  }
}
