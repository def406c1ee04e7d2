package dev.rung.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SessionSettingsTest {

  @ParameterizedTest
  @CsvSource({"3600, 10000", "60, 10000", "30, 5000", "3, 500"})
  void shouldAskForSignsOfLifeThatFitTheDeadline(int lostAfterSeconds, int heartbeatMillis) {
    SessionSettings settings = SessionSettings.defaults("file:///c/", "test");

    assertThat(settings.within(Duration.ofSeconds(lostAfterSeconds)).heartbeat())
        .isEqualTo(Duration.ofMillis(heartbeatMillis));
  }
}
