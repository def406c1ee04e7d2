package dev.rung.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** Slopes by hand. */
final class HeapTrendTest {
  private final HeapTrend trend = new HeapTrend();

  @Test
  void shouldIgnoreTheFirstThirdAndASingleHighSample() {
    trend.add(0, 0);
    trend.add(1_000, 50_000_000);
    for (int i = 2; i < 6; i++) {
      trend.add(i * 1_000L, 50_000_000 + i * 500_000L + (i == 4 ? 90_000_000 : 0));
    }

    assertThat(trend.count()).isEqualTo(4);
    assertThat(trend.joins()).isEqualTo(3_000);
    // Slopes of the six pairs: 500 of those without the high sample, of those with it 45,500,
    // 90,500 and -89,500; in order the middle two are 500.
    assertThat(trend.bytesPerJoin()).isEqualTo(500);
  }

  @Test
  void shouldHaveNoSlopeWithoutSamples() {
    assertThat(trend.joins()).isEqualTo(0);
    assertThat(trend.bytesPerJoin()).isNaN();
  }
}
