package dev.rung.studyfile;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class DurationsTest {
  @Test
  void shouldReadEachUnit() {
    assertThat(Durations.parse("90s")).contains(Duration.ofSeconds(90));
    assertThat(Durations.parse("15m")).contains(Duration.ofMinutes(15));
    assertThat(Durations.parse("8h")).contains(Duration.ofHours(8));
    assertThat(Durations.parse("3d")).contains(Duration.ofDays(3));
  }

  @Test
  void shouldReadNothingBeyondItsLimits() {
    assertThat(Durations.parse("1s")).isPresent();
    assertThat(Durations.parse("0s")).isEmpty();
    assertThat(Durations.parse("3650d")).isPresent();
    assertThat(Durations.parse("3651d")).isEmpty();
    assertThat(Durations.parse("999999999d")).isEmpty();
    assertThat(Durations.parse("9999999999s")).isEmpty();
  }

  @Test
  void shouldReadNothingElse() {
    assertThat(Durations.parse("")).isEmpty();
    assertThat(Durations.parse("90")).isEmpty();
    assertThat(Durations.parse("1h30m")).isEmpty();
    assertThat(Durations.parse("-5m")).isEmpty();
    assertThat(Durations.parse("1.5h")).isEmpty();
    assertThat(Durations.parse("5 m")).isEmpty();
    assertThat(Durations.parse("٣d")).isEmpty();
  }
}
