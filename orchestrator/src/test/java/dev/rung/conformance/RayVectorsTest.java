package dev.rung.conformance;

import static dev.rung.conformance.Rungs.maximized;
import static dev.rung.study.PlayedStudy.play;
import static dev.rung.study.StudyEvent.Verdict.CONTINUE;
import static dev.rung.study.StudyEvent.Verdict.STOP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.halving.HalvingRules.Mode;
import dev.rung.halving.Ladder;
import dev.rung.halving.MedianStopping;
import dev.rung.halving.Rung;
import dev.rung.halving.StoppingAsha;
import dev.rung.study.Plans;
import dev.rung.study.TrialStatus;
import org.junit.jupiter.api.Test;

/**
 * Ray Tune, {@code python/ray/tune/tests/test_trial_scheduler.py}, in stopping mode; more is
 * better. Ray compares with the percentile of the values before and lets NaN pass; we count the
 * entry itself, and NaN is the worst.
 *
 * <p>Left out or elsewhere: of R5 that trials go on past the largest resource, which ends a trial
 * here; R6, a grace period of 2.5: steps are whole; R8, synchronous Hyperband, whose sizes are in
 * HyperbandTest; R10, in PopulationTest as far as it is asynchronous.
 */
class RayVectorsTest {
  private static final StoppingAsha HALF = new StoppingAsha(2);
  private static final StoppingAsha QUARTER = new StoppingAsha(4);

  /** Ray's cut-off is 3.0 after two values, and 2.0 after the third. Its bracket ends at 8. */
  @Test
  void r1ShouldJudgeAfterEachReport() {
    assertThat(Rungs.verdicts(HALF, maximized(2, 4, 1))).containsExactly(CONTINUE, CONTINUE, STOP);
    assertThat(Ladder.geometric(1, 10, 2).levels()).containsExactly(1L, 2L, 4L, 8L, 10L);
  }

  /** At 1 there are 100 and 450, at 2 there are 200 and 450. */
  @Test
  void r2ShouldStopWhatIsBelowTheMiddleOfTwo() {
    assertThat(Rungs.verdicts(HALF, maximized(100, 450, 260)))
        .containsExactly(CONTINUE, CONTINUE, STOP);
    assertThat(Rungs.verdicts(HALF, maximized(200, 450, 260)))
        .containsExactly(CONTINUE, CONTINUE, STOP);
  }

  /** Ray lets the trial that reports NaN go on; here it is over. What comes after is the same. */
  @Test
  void r3ShouldJudgeTheOthersBesideATrialThatIsNotFinite() {
    for (double odd :
        new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
      assertThat(Rungs.verdicts(HALF, maximized(450, odd, 260)))
          .as("with %s", odd)
          .containsExactly(CONTINUE, STOP, STOP);
    }
  }

  @Test
  void r4ShouldJudgeAsBeforeWhenTheRungIsRestored() {
    Rung rung = Rung.of(1);
    for (int trial = 0; trial < 5; trial++) {
      assertThat(Rungs.report(QUARTER, rung, -10)).isEqualTo(CONTINUE);
    }
    assertThat(Rungs.report(QUARTER, rung, -5)).isEqualTo(STOP);
    Rung restored = Rung.of(1);
    for (int trial : rung.trialsByArrival()) {
      restored.insert(trial, rung.loss(trial));
    }
    assertThat(Rungs.report(QUARTER, restored, -4)).isEqualTo(STOP);
    assertThat(Rungs.report(QUARTER, restored, -2)).isEqualTo(STOP);
  }

  @Test
  void r5ShouldStopAllButTheFirstAndBest() {
    assertThat(Rungs.verdicts(HALF, maximized(10, 8, 6, 4)))
        .containsExactly(CONTINUE, STOP, STOP, STOP);
  }

  @Test
  void r7ShouldEndATrialAtTheLargestResource() {
    assertThat(
            play(
                    Plans.plan().levels(1, 10, 4).mode(Mode.STOPPING).maximize(),
                    1,
                    1,
                    (trial, step) -> step)
                .status(1))
        .isEqualTo(TrialStatus.COMPLETED);
  }

  /**
   * Ray holds the best of a trial, 450, against the median of the others' means, which are 250 and
   * 300 at steps 5 and 6 and 500 at step 10; we hold its value at a rung against the median of all
   * values there. At 10, where the other has 1000, both stop it; at 5, where the other has 500,
   * ours stops it earlier, since the median of 450 and 500 is 475.
   */
  @Test
  void r9ShouldStopWhatIsBelowTheMedianAtTheSameStep() {
    MedianStopping fromTheFirst = new MedianStopping(2, 1);
    assertThat(Rungs.verdicts(fromTheFirst, maximized(1000, 450))).containsExactly(CONTINUE, STOP);
    assertThat(Rungs.verdicts(fromTheFirst, maximized(500, 450))).containsExactly(CONTINUE, STOP);
    assertThat(Rungs.verdicts(fromTheFirst, maximized(400, 450)))
        .containsExactly(CONTINUE, CONTINUE);
  }

  /** With at least two samples beside its own. */
  @Test
  void r9ShouldStopNoneBeforeThereAreEnoughSamples() {
    assertThat(Rungs.verdicts(new MedianStopping(2, 3), maximized(1000, 450, 450)))
        .containsExactly(CONTINUE, CONTINUE, CONTINUE);
    assertThat(Rungs.verdicts(new MedianStopping(2, 3), maximized(1000, 450, 440)))
        .containsExactly(CONTINUE, CONTINUE, STOP);
  }
}
