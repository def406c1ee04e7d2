package dev.rung.halving;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The vectors of the rule that it comes from are in the conformance tests. */
class CostAwareAshaTest {
  private static final CostAwareAsha RULE = new CostAwareAsha(3);
  private static final double SHARE = 1.0 / 3;

  /** Costs in order of rank: as long as the sum is at most a third of the total. */
  @ParameterizedTest
  @CsvSource({
    "1, 0",
    "1 1, 0",
    "1 1 1, 1",
    "1 1 1 1 1 1, 2",
    "1 3 10, 2",
    "4 1 1, 0",
    "1 1 1 9, 3",
    "2 2 2 2 2 2 2 2 2, 3",
    "0 0 1 1, 2"
  })
  void shouldPassOnAThirdOfWhatTheRungHasCost(String costs, int quota) {
    assertThat(RULE.quota(rung(costs), SHARE)).isEqualTo(quota);
  }

  @ParameterizedTest
  @CsvSource({"0, 0", "0 0, 0", "0 0 0, 1", "0 0 0 0 0, 1", "0 0 0 0 0 0, 2"})
  void shouldTakeCostsForEqualWhereNoneIsKnown(String costs, int quota) {
    assertThat(RULE.quota(rung(costs), SHARE)).isEqualTo(quota);
  }

  @Test
  void shouldPromoteNoneOfAnEmptyRung() {
    assertThat(RULE.quota(Rung.of(1), SHARE)).isZero();
    assertThat(RULE.name()).isEqualTo("asha, cost-aware");
    assertThat(RULE.ladder(1, 9)).isEqualTo(Ladder.geometric(1, 9, 3));
  }

  private static Rung rung(String costs) {
    Rung rung = Rung.of(1);
    for (String cost : List.of(costs.split(" "))) {
      rung.insert(rung.size(), new double[] {rung.size()}, 0, Double.parseDouble(cost));
    }
    return rung;
  }
}
