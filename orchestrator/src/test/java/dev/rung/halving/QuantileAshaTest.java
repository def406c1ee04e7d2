package dev.rung.halving;

import static dev.rung.halving.Brackets.bracket;
import static dev.rung.halving.RungTest.rung;
import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.halving.HalvingRule.Promotion;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The rule of Syne Tune's promotion scheduler; quantiles as NumPy's quantile gives them. */
class QuantileAshaTest {
  private static final QuantileAsha RULE = new QuantileAsha(3);
  private static final double SHARE = 1.0 / 3;

  /** numpy.quantile([0.1, 0.9], 1/3) = 0.1 + 0.8 / 3 = 0.3667: the better of two goes on. */
  @Test
  void shouldPromoteTheBetterOfTwo() {
    Rung rung = open(0.9, 0.1);
    assertThat(RULE.next(bracket(new Ladder(1, List.of(1L, 3L)), List.of(rung, Rung.of(1))), -1))
        .contains(new Promotion(1, 0, true));
  }

  @Test
  void shouldPromoteNoneWhileThereIsOne() {
    assertThat(
            RULE.next(bracket(new Ladder(1, List.of(1L, 3L)), List.of(open(0.1), Rung.of(1))), -1))
        .isEmpty();
  }

  /**
   * By hand, after numpy.quantile(numpy.arange(1, n + 1), q) = 1 + q * (n - 1), which is 2.5, 3,
   * 1.4, 3.5 and 1.405: so many losses are at most that.
   */
  @ParameterizedTest
  @CsvSource({"4, 0.5, 2", "5, 0.5, 3", "5, 0.1, 1", "11, 0.25, 3", "2, 0.405, 1"})
  void shouldLetPassWhatIsAtMostTheQuantile(int n, double level, int quota) {
    double[] losses = new double[n];
    for (int i = 0; i < n; i++) {
      losses[i] = n - i;
    }
    assertThat(RULE.quota(rung(losses), level)).isEqualTo(quota);
  }

  /** Of 1, 1, 1, 2, 3 at q = 1/3 the quantile is 1: all three that equal it pass. */
  @Test
  void shouldLetAllPassThatEqualTheQuantile() {
    assertThat(RULE.quota(rung(3, 1, 2, 1, 1), SHARE)).isEqualTo(3);
  }

  /** A loss that equals the quantile passes: of 1, 2, 3, 4 at q = 1/3 the quantile is 2. */
  @Test
  void shouldLetTheQuantileItselfPass() {
    assertThat(RULE.quota(rung(4, 3, 2, 1), SHARE)).isEqualTo(2);
  }

  @Test
  void shouldNeverPromoteAFailure() {
    Rung rung = open(Double.NaN, Double.NaN, 0.5);
    assertThat(RULE.quota(rung, SHARE)).isEqualTo(1);
    rung.promote(2);
    assertThat(RULE.next(bracket(new Ladder(1, List.of(1L, 3L)), List.of(rung, Rung.of(1))), -1))
        .isEmpty();
    assertThat(
            RULE.next(
                bracket(
                    new Ladder(1, List.of(1L, 3L)),
                    List.of(open(Double.NaN, Double.NaN), Rung.of(1))),
                -1))
        .isEmpty();
  }

  private static Rung open(double... losses) {
    Rung rung = rung(losses);
    for (int trial = 0; trial < losses.length; trial++) {
      rung.setOpen(trial, true);
    }
    return rung;
  }
}
