package dev.rung.conformance;

import static dev.rung.conformance.Rungs.maximized;
import static dev.rung.study.PlayedStudy.play;
import static dev.rung.study.StudyEvent.Verdict.CONTINUE;
import static dev.rung.study.StudyEvent.Verdict.STOP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.halving.HalvingRules.Mode;
import dev.rung.halving.Ladder;
import dev.rung.halving.Rung;
import dev.rung.halving.StoppingAsha;
import dev.rung.study.Plans;
import dev.rung.study.PlayedStudy;
import dev.rung.study.TrialStatus;
import org.junit.jupiter.api.Test;

/**
 * Optuna, {@code tests/pruners_tests/test_successive_halving.py}, in stopping mode.
 *
 * <p>Left out or elsewhere: of O1 that a trial without a report goes on, since nothing is judged
 * here without one; O5, a bootstrap count, which is not offered; O7, budgets of brackets, which are
 * in HyperbandTest.
 */
class OptunaVectorsTest {
  private static final StoppingAsha HALF = new StoppingAsha(2);

  @Test
  void o1ShouldKeepTheFirstAndPruneAWorseSecond() {
    assertThat(Rungs.verdicts(HALF, 1, 2)).containsExactly(CONTINUE, STOP);
    assertThat(Rungs.verdicts(HALF, maximized(1, 0.5))).containsExactly(CONTINUE, STOP);
  }

  /**
   * Seven trials have 0.1 to 0.7 at step 7 on the rungs 1, 2, 4 and 8: only the first passes them,
   * since each is the worst when it comes. Then 0.75 passes none, 0.25 the first, 0.05 all three.
   */
  @Test
  void o2ShouldPassAsManyRungsAsItIsGoodFor() {
    Rung[] rungs = {Rung.of(1), Rung.of(1), Rung.of(1)};
    assertThat(Ladder.geometric(1, 8, 2).reached(7)).isEqualTo(2);
    assertThat(passed(rungs, 0.1)).isEqualTo(3);
    for (int i = 2; i <= 7; i++) {
      assertThat(passed(rungs, 0.1 * i)).isZero();
    }
    assertThat(passed(rungs, 0.75)).isZero();
    assertThat(passed(rungs, 0.25)).isEqualTo(1);
    assertThat(passed(rungs, 0.05)).isEqualTo(3);
  }

  /** Enters one rung after another until it is stopped. */
  private static int passed(Rung[] rungs, double loss) {
    int passed = 0;
    while (passed < rungs.length && Rungs.report(HALF, rungs[passed], loss) == CONTINUE) {
      passed++;
    }
    return passed;
  }

  @Test
  void o3ShouldNeverPruneATrialThatIsAlone() {
    PlayedStudy played =
        play(Plans.plan().levels(1, 16, 2).mode(Mode.STOPPING), 1, 1, (trial, step) -> 1);
    assertThat(played.entered()).containsExactly(1, 1, 1, 1, 1);
    assertThat(played.status(1)).isEqualTo(TrialStatus.COMPLETED);
    // Step 9 completes the rungs 1, 2, 4 and 8.
    assertThat(Ladder.geometric(1, 16, 2).reached(9)).isEqualTo(3);
  }

  /** NaN at step 1, below the first rung of 2, is not judged; at 2 it is over. */
  @Test
  void o4ShouldPruneNanAtARungOnly() {
    assertThat(Ladder.geometric(2, 16, 2).reached(1)).isEqualTo(-1);
    assertThat(Ladder.geometric(2, 16, 2).reached(2)).isZero();
    assertThat(Rungs.verdicts(HALF, Double.NaN)).containsExactly(STOP);
  }

  /** A stopping rate of 1 skips the lowest rung: the first is then at step 2. */
  @Test
  void o6ShouldRefuseWhatMakesNoLadder() {
    assertThatThrownBy(() -> Ladder.geometric(0, 16, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("1 <= min");
    assertThatThrownBy(() -> Ladder.geometric(1, 16, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("eta >= 2");
    assertThat(Ladder.geometric(2, 16, 2).level(0)).isEqualTo(2);
  }
}
