package dev.rung.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SinceTest {
  private static final long BEGIN = Duration.ofHours(1).toNanos();
  private static final Duration LEAST = Duration.ofSeconds(3);

  private final Since since = new Since();

  @Test
  void shouldTellWhatHasLastedForATimeAndBeginAnewOnceItHasEnded() {
    long later = BEGIN + LEAST.toNanos();
    since.note(BEGIN, Set.of("a"));
    since.note(BEGIN + 1, Set.of("a", "b"));
    assertThat(since.lasting(later - 1, LEAST)).isEmpty();
    assertThat(since.lasting(later, LEAST)).containsExactly("a");
    since.note(later, Set.of("b"));
    since.note(later + 1, Set.of("a", "b"));
    assertThat(since.lasting(later + 1, LEAST)).containsExactly("b");
  }
}
