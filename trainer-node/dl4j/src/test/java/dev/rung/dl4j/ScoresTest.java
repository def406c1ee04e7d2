package dev.rung.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ScoresTest {

  /** One of two right; -(ln 0.5 + ln 0.25) / 2 = 1.5 ln 2 = 1.039721. */
  @Test
  void shouldScoreClasses() {
    Classification score =
        Classification.of(
            new float[][] {{0.5f, 0.3f, 0.2f}, {0.25f, 0.7f, 0.05f}},
            new float[][] {{1, 0, 0}, {1, 0, 0}});

    assertThat(score.accuracy()).isEqualTo(0.5);
    assertThat(score.loss()).isCloseTo(1.039721, within(1e-6));
  }

  @Test
  void shouldScoreNothingWhenAProbabilityIsNotANumber() {
    Classification score =
        Classification.of(
            new float[][] {{1, 0}, {0.1f, Float.NaN}}, new float[][] {{1, 0}, {1, 0}});

    assertThat(score.accuracy()).isNaN();
    assertThat(score.loss()).isNaN();
  }

  /** Errors 3 and -4: sqrt(25 / 2) = 3.535534 and 3.5; doubled by a unit of half the size. */
  @Test
  void shouldScoreNumbers() {
    Regression score = Regression.of(new float[][] {{4}, {6}}, new float[][] {{1}, {10}}).times(2);

    assertThat(score.rmse()).isCloseTo(2 * 3.535534, within(1e-5));
    assertThat(score.mae()).isEqualTo(7);
  }
}
