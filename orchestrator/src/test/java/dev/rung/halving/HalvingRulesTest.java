package dev.rung.halving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.halving.HalvingRules.Settings;
import org.junit.jupiter.api.Test;

class HalvingRulesTest {

  @Test
  void shouldMakeARuleByItsName() {
    assertThat(HalvingRules.of("asha", new Settings(4, true)))
        .isEqualTo(new PromotionAsha(4, true));
    assertThat(HalvingRules.of("auto", new Settings(3, false)))
        .isEqualTo(new PromotionAsha(3, false));
    assertThat(HalvingRules.of("none", new Settings(3, false))).isEqualTo(new NoHalving());
    assertThat(HalvingRules.names()).containsExactly("asha", "auto", "none");
  }

  @Test
  void shouldNameTheKnownRulesWhenAnotherIsAskedFor() {
    assertThatThrownBy(() -> HalvingRules.of("pasha", new Settings(3, false)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("expected a halving rule of [asha, auto, none], but came pasha");
  }
}
