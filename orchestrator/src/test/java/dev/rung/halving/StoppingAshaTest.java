package dev.rung.halving;

import static dev.rung.halving.RungTest.rung;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Trials are numbered from 0 in order of arrival. */
class StoppingAshaTest {
  private static final double SHARE = 1.0 / 3;
  private static final StoppingAsha RULE = new StoppingAsha(3);

  @Test
  void shouldLetTheFirstOfARungGoOn() {
    assertThat(RULE.mayGoOn(rung(0.5), SHARE, 0)).isTrue();
  }

  /** Determined inserts before equals in this mode: the equal of the best is among the best. */
  @Test
  void shouldCountEqualsAsNoBetter() {
    Rung rung = rung(0.4, 0.4, 0.4);
    assertThat(RULE.rank(rung, 2)).isZero();
    assertThat(RULE.mayGoOn(rung, SHARE, 2)).isTrue();
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "5, 1", "6, 2", "8, 2", "9, 3"})
  void shouldLetAtLeastOneAndElseTheFloorOfNOverEtaGoOn(int n, int quota) {
    assertThat(RULE.quota(rung(new double[n]), SHARE)).isEqualTo(quota);
  }

  @Test
  void shouldStopAFailureEvenWhereItIsTheFirst() {
    assertThat(RULE.mayGoOn(rung(Double.NaN), SHARE, 0)).isFalse();
  }

  @Test
  void shouldNotLetTrialsWaitAtMilestones() {
    assertThat(RULE.isStopping()).isTrue();
    assertThat(new PromotionAsha(3, false).isStopping()).isFalse();
    assertThat(RULE.name()).isEqualTo("asha, stopping");
    assertThat(RULE.ladder(1, 9)).isEqualTo(Ladder.geometric(1, 9, 3));
  }
}
