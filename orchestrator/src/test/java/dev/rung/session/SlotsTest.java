package dev.rung.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.study.AttemptRef;
import dev.rung.study.Slot;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class SlotsTest {
  private static final long TEN_SECONDS = Duration.ofSeconds(10).toNanos();

  private final Slots slots = new Slots("node", 7, "epoch", 2, Duration.ofSeconds(10));

  private static AttemptKey attempt(int trial) {
    return new AttemptKey("study", new AttemptRef(trial, 1));
  }

  @Test
  void shouldOfferEveryFreeSlotOnce() {
    assertThat(slots.offer(0))
        .containsExactly(new Slot("node", 7, "epoch", 1), new Slot("node", 7, "epoch", 2));
    assertThat(slots.offer(0)).isEmpty();
  }

  @Test
  void shouldTakeAnAttemptOnlyForAnOpenOfferOfItsOwn() {
    Slot open = slots.offer(0).get(0);
    assertThat(slots.take(attempt(1), new Slot("node", 7, "epoch", 99))).isEmpty();
    assertThat(slots.take(attempt(1), open)).containsExactly(open);
    assertThat(slots.take(attempt(2), open)).isEmpty();
    assertThat(slots.holds(attempt(1))).isTrue();
    assertThat(slots.holds(attempt(2))).isFalse();
  }

  @Test
  void shouldTakeAnAttemptOfAnEarlierSessionForAnyOpenOffer() {
    List<Slot> open = slots.offer(0);
    List<Slot> taken = slots.take(attempt(1), new Slot("node", 7, "before", 1));
    assertThat(open).containsAll(taken);
    assertThat(taken).hasSize(1);
    assertThat(slots.open()).hasSize(1);
  }

  @Test
  void shouldMakeAnOverdueOfferAnewUnderAnotherNumber() {
    slots.offer(0);
    assertThat(slots.withdrawOverdue(TEN_SECONDS - 1)).isEmpty();
    assertThat(slots.withdrawOverdue(TEN_SECONDS + 1)).hasSize(2);
    assertThat(slots.offer(TEN_SECONDS + 1)).extracting(Slot::offer).containsExactly(3L, 4L);
  }

  @Test
  void shouldNotOfferSlotsThatAttemptsHold() {
    slots.hold(attempt(1));
    slots.hold(attempt(2));
    slots.hold(attempt(3));
    assertThat(slots.offer(0)).isEmpty();
    slots.free(attempt(1));
    assertThat(slots.offer(0)).isEmpty();
    slots.free(attempt(2));
    assertThat(slots.offer(0)).hasSize(1);
  }
}
