package dev.rung.halving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HyperbandTest {
  private static final Hyperband RULE =
      new Hyperband(new PromotionAsha(3, false), 3, Optional.empty(), 7);

  @Test
  void shouldBeginEachLadderARungHigher() {
    assertThat(RULE.ladders(1, 81))
        .extracting(Ladder::levels)
        .containsExactly(
            List.of(1L, 3L, 9L, 27L, 81L),
            List.of(3L, 9L, 27L, 81L),
            List.of(9L, 27L, 81L),
            List.of(27L, 81L),
            List.of(81L));
  }

  @Test
  void shouldMakeNoMoreBracketsThanItMay() {
    Hyperband two = new Hyperband(new PromotionAsha(3, false), 3, Optional.of(2), 7);
    assertThat(two.ladders(1, 81)).hasSize(2);
    assertThat(two.ladders(9, 9)).hasSize(1);
  }

  /** Syne Tune's sizes for a largest resource of 200, and those of the formula for 81. */
  @Test
  void shouldSizeItsBracketsAsOthersDo() {
    assertThat(Hyperband.sizes(6, 3)).containsExactly(243L, 98L, 41L, 18L, 9L, 6L);
    assertThat(Hyperband.sizes(5, 3)).containsExactly(81L, 34L, 15L, 8L, 5L);
    assertThat(Hyperband.sizes(1, 3)).containsExactly(1L);
  }

  /** Optuna's budgets for 16 and a factor of 2 (its formula, tests of successive halving). */
  @Test
  void shouldSizeFiveBracketsOfFactorTwo() {
    assertThat(Hyperband.sizes(5, 2)).containsExactly(16L, 10L, 7L, 5L, 5L);
  }

  /** 81 of 143 begin at the lowest rung, 5 of 143 at the top. */
  @Test
  void shouldDrawBracketsInProportionToTheirSizes() {
    int n = 100_000;
    int[] counts = new int[5];
    IntStream.rangeClosed(1, n).forEach(trial -> counts[RULE.bracket(trial, 5)]++);
    double[] expected = {81 / 143.0, 34 / 143.0, 15 / 143.0, 8 / 143.0, 5 / 143.0};
    for (int i = 0; i < 5; i++) {
      // Five standard deviations of a share of 1/2, the widest.
      assertThat(counts[i] / (double) n).isCloseTo(expected[i], within(0.008));
    }
  }

  @Test
  void shouldDrawByTheSeedAndTheNumberAlone() {
    Hyperband other = new Hyperband(new PromotionAsha(3, false), 3, Optional.empty(), 8);
    assertThat(brackets(RULE)).isEqualTo(brackets(RULE)).isNotEqualTo(brackets(other));
  }

  private static List<Integer> brackets(Hyperband rule) {
    return IntStream.rangeClosed(1, 100).mapToObj(trial -> rule.bracket(trial, 5)).toList();
  }
}
