package dev.rung.halving;

import static dev.rung.halving.RungTest.rung;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Medians by hand. Trials are numbered from 0 in order of arrival. */
class MedianStoppingTest {
  private static final MedianStopping RULE = new MedianStopping(3, 3);
  private static final double SHARE = 1.0 / 3;

  /** Of 0.1, 0.2 and 0.3 the median is 0.2, which is not worse than itself. */
  @Test
  void shouldStopWhatIsWorseThanTheMedianOfAnOddNumber() {
    Rung rung = rung(0.3, 0.1, 0.2);
    assertThat(RULE.mayGoOn(rung, SHARE, 0)).isFalse();
    assertThat(RULE.mayGoOn(rung, SHARE, 1)).isTrue();
    assertThat(RULE.mayGoOn(rung, SHARE, 2)).isTrue();
  }

  /** Of 0.1, 0.2, 0.3 and 0.4 it is 0.25. */
  @Test
  void shouldStopWhatIsWorseThanTheMedianOfAnEvenNumber() {
    Rung rung = rung(0.4, 0.3, 0.2, 0.1);
    assertThat(RULE.mayGoOn(rung, SHARE, 1)).isFalse();
    assertThat(RULE.mayGoOn(rung, SHARE, 2)).isTrue();
  }

  /** The mean of 0.1, 0.2, 0.5 and 10 is 2.7, which would let 0.5 pass; the median is 0.35. */
  @Test
  void shouldNotTakeTheMeanForTheMedian() {
    assertThat(RULE.mayGoOn(rung(0.1, 0.2, 10, 0.5), SHARE, 3)).isFalse();
  }

  @Test
  void shouldLetEqualsOfTheMedianGoOn() {
    Rung rung = rung(0.2, 0.2, 0.2, 0.2, 0.3);
    assertThat(RULE.quota(rung, SHARE)).isEqualTo(4);
    assertThat(RULE.mayGoOn(rung, SHARE, 3)).isTrue();
    assertThat(RULE.mayGoOn(rung, SHARE, 4)).isFalse();
  }

  @Test
  void shouldStopNoneWhileThereAreFewerThanThree() {
    assertThat(RULE.mayGoOn(rung(0.1, 0.9), SHARE, 1)).isTrue();
    assertThat(RULE.mayGoOn(rung(0.1, 0.2, 0.9), SHARE, 2)).isFalse();
  }

  /** A failure counts among the worst: of 0.1, 0.2 and NaN the median is 0.2. */
  @Test
  void shouldCountAFailureAsTheWorstAndStopIt() {
    Rung rung = rung(0.1, Double.NaN, 0.2);
    assertThat(RULE.mayGoOn(rung, SHARE, 1)).isFalse();
    assertThat(RULE.mayGoOn(rung, SHARE, 2)).isTrue();
    assertThat(RULE.mayGoOn(rung(Double.NaN), SHARE, 0)).isFalse();
  }

  @Test
  void shouldNotLetTrialsWaitAtMilestones() {
    assertThat(RULE.isStopping()).isTrue();
    assertThat(RULE.name()).isEqualTo("median stopping");
    assertThat(RULE.ladder(1, 9)).isEqualTo(Ladder.geometric(1, 9, 3));
  }
}
