package dev.rung.study;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TiesTest {
  private final Ties ties = new Ties(Duration.ofMinutes(5));
  private final Map<Integer, String> tied = Map.of(1, "n1", 2, "n2");
  private long now = Duration.ofHours(1).toNanos();

  private void look(String... there) {
    ties.look(tied, java.util.Set.of(there)::contains, now);
  }

  private void pass(Duration time) {
    now += time.toNanos();
  }

  @Test
  void shouldEndAWaitOnceItHasLastedLongEnough() {
    look("n1", "n2");
    pass(Duration.ofMinutes(5).minusNanos(1));
    look("n1", "n2");
    assertThat(ties.over()).isEmpty();
    pass(Duration.ofNanos(1));
    look("n1", "n2");
    assertThat(ties.over()).containsExactly(1, 2);
    ties.leased(1);
    assertThat(ties.over()).containsExactly(2);
    // Should it be tied again, it waits anew.
    look("n1", "n2");
    assertThat(ties.over()).containsExactly(2);
  }

  /** A node that is away is waited for in another way, and has its time again once it is back. */
  @Test
  void shouldCountOnlyWhileTheNodeIsThere() {
    look("n1", "n2");
    pass(Duration.ofMinutes(4));
    look("n1");
    pass(Duration.ofMinutes(1));
    look("n1", "n2");
    assertThat(ties.over()).containsExactly(1);
    pass(Duration.ofMinutes(5));
    look("n1", "n2");
    assertThat(ties.over()).containsExactly(1, 2);
  }

  @Test
  void shouldForgetWhoDoesNotWaitAnyMore() {
    look("n1", "n2");
    ties.look(Map.of(2, "n2"), node -> true, now);
    pass(Duration.ofMinutes(5));
    look("n1", "n2");
    assertThat(ties.over()).containsExactly(2);
    ties.clear();
    assertThat(ties.over()).isEmpty();
  }
}
