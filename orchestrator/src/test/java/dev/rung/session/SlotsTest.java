package dev.rung.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.study.AttemptRef;
import dev.rung.study.Slot;
import java.time.Duration;
import java.util.List;
import java.util.Map;
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
    assertThat(slots.take(attempt(1), new Slot("node", 7, "epoch", 99), 1)).isEmpty();
    assertThat(slots.take(attempt(1), open, 1)).containsExactly(open);
    assertThat(slots.take(attempt(2), open, 1)).isEmpty();
    assertThat(slots.holds(attempt(1))).isTrue();
    assertThat(slots.holds(attempt(2))).isFalse();
  }

  @Test
  void shouldTakeAnAttemptOfAnEarlierSessionForAnyOpenOffer() {
    List<Slot> open = slots.offer(0);
    List<Slot> taken = slots.take(attempt(1), new Slot("node", 7, "before", 1), 1);
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
    slots.hold(attempt(1), 1);
    slots.hold(attempt(2), 1);
    slots.hold(attempt(3), 1);
    assertThat(slots.offer(0)).isEmpty();
    slots.free(attempt(1));
    assertThat(slots.offer(0)).isEmpty();
    slots.free(attempt(2));
    assertThat(slots.offer(0)).hasSize(1);
  }

  @Test
  void shouldTakeAsManyOffersAsAnAttemptNeedsOrNone() {
    Slots four = new Slots("node", 7, "epoch", 4, Duration.ofSeconds(10));
    List<Slot> open = four.offer(0);
    assertThat(four.take(attempt(1), open.get(1), 5)).isEmpty();
    assertThat(four.open()).hasSize(4);

    List<Slot> taken = four.take(attempt(1), open.get(1), 3);
    assertThat(taken).hasSize(3).contains(open.get(1)).isSubsetOf(open);
    assertThat(four.busy()).isEqualTo(3);
    assertThat(four.heldByStudy()).isEqualTo(Map.of("study", 3));
    assertThat(four.take(attempt(2), four.open().get(0), 2)).isEmpty();

    four.free(attempt(1));
    assertThat(four.busy()).isZero();
    assertThat(four.heldByStudy()).isEmpty();
    assertThat(four.offer(0)).hasSize(3);
  }
}
