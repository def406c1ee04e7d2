package dev.rung.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class SlotsWantedTest {
  private final SlotsWanted wanted = new SlotsWanted();

  private int after(int seconds, int slots) {
    wanted.note(Duration.ofSeconds(seconds).toNanos(), slots);
    return wanted.most();
  }

  @Test
  void shouldWantNothingBeforeAnythingIsKnown() {
    assertThat(wanted.most()).isZero();
  }

  @Test
  void shouldGrowAtOnceAndFallAfterAMinuteOfLess() {
    assertThat(after(0, 4)).isEqualTo(4);
    assertThat(after(1, 9)).isEqualTo(9);
    assertThat(after(2, 3)).isEqualTo(9);
    assertThat(after(30, 6)).isEqualTo(9);
    assertThat(after(31, 0)).isEqualTo(9);
    assertThat(after(61, 0)).as("60 s after it was 9").isEqualTo(9);
    assertThat(after(62, 0)).as("6 is the most of the last minute").isEqualTo(6);
    assertThat(after(90, 0)).isEqualTo(6);
    assertThat(after(91, 0)).isZero();
  }
}
