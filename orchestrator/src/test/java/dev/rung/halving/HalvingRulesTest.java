package dev.rung.halving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.halving.HalvingRules.Mode;
import dev.rung.halving.HalvingRules.Settings;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class HalvingRulesTest {

  @Test
  void shouldMakeARuleByItsName() {
    assertThat(
            HalvingRules.of(
                "asha", new Settings(Mode.PROMOTION, 4, true, 27, Optional.empty(), 9, 1)))
        .isEqualTo(new PromotionAsha(4, true));
    assertThat(
            HalvingRules.of(
                "auto", new Settings(Mode.PROMOTION, 3, false, 27, Optional.empty(), 9, 1)))
        .isEqualTo(new AutoHalving(3));
    assertThat(
            HalvingRules.of(
                "asha", new Settings(Mode.STOPPING, 4, false, 27, Optional.empty(), 9, 1)))
        .isEqualTo(new StoppingAsha(4));
    assertThat(
            HalvingRules.of(
                "asha", new Settings(Mode.QUANTILE, 4, false, 27, Optional.empty(), 9, 1)))
        .isEqualTo(new QuantileAsha(4));
    assertThat(
            HalvingRules.of(
                "none", new Settings(Mode.PROMOTION, 3, false, 27, Optional.empty(), 9, 1)))
        .isEqualTo(new NoHalving());
    Settings plain = new Settings(Mode.PROMOTION, 3, false, 27, Optional.empty(), 9, 1);
    assertThat(HalvingRules.of("cost-aware", plain)).isEqualTo(new CostAwareAsha(3));
    assertThat(HalvingRules.of("median", plain)).isEqualTo(new MedianStopping(3, 3));
    assertThat(HalvingRules.of("pasha", plain)).isEqualTo(new Pasha(3, 27));
    assertThat(HalvingRules.names())
        .containsExactly(
            "asha", "auto", "cost-aware", "hyperband", "median", "none", "pasha", "population");
  }

  @Test
  void shouldNameTheKnownRulesWhenAnotherIsAskedFor() {
    assertThatThrownBy(() ->
            HalvingRules.of(
                "halving", new Settings(Mode.PROMOTION, 3, false, 27, Optional.empty(), 9, 1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "expected a halving rule of [asha, auto, cost-aware, hyperband, median, none, pasha,"
                + " population], but came halving");
  }
}
