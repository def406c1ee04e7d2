package dev.rung.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LingeringTest {
  private static final long BEGIN = Duration.ofHours(1).toNanos();
  private static final long MOST = Lingering.MOST.toNanos();

  private final Lingering lingering = new Lingering();

  @Test
  void shouldEndAfterAFewSecondsAndBeginAnewOnceItHasEnded() {
    lingering.note(BEGIN, Set.of("a"));
    lingering.note(BEGIN + 1, Set.of("a", "b"));
    assertThat(lingering.over(BEGIN + MOST - 1)).isEmpty();
    assertThat(lingering.over(BEGIN + MOST)).containsExactly("a");
    lingering.note(BEGIN + MOST, Set.of("b"));
    lingering.note(BEGIN + MOST + 1, Set.of("a", "b"));
    assertThat(lingering.over(BEGIN + MOST + 1)).containsExactly("b");
  }
}
