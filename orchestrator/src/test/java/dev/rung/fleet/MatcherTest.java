package dev.rung.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.fleet.Matcher.Match;
import dev.rung.fleet.Matcher.Need;
import dev.rung.fleet.Matcher.Offer;
import dev.rung.study.Slot;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MatcherTest {
  private static Offer offer(long number, String... kinds) {
    return new Offer(new Slot("node", 1, "epoch", number), Set.of(kinds));
  }

  /** A study that has excluded node "n" waits, and leaves the offer to the next. */
  @Test
  void shouldGiveNoSlotOfANodeToAStudyThatExcludesIt() {
    Offer offer = offer(1, "image");
    Need picky = new Need("a", "image", 1, Set.of(offer.slot().node()));
    assertThat(Matcher.match(List.of(offer), List.of(picky))).isEmpty();
    assertThat(Matcher.match(List.of(offer), List.of(picky, new Need("b", "image", 1, Set.of()))))
        .containsExactly(new Match(offer, "b"));
  }

  @Test
  void shouldGiveTheOldestOfferToTheStudyThatWaitedLongest() {
    Offer first = offer(1, "image");
    Offer second = offer(2, "image");
    assertThat(
            Matcher.match(
                List.of(first, second),
                List.of(new Need("a", "image", 1, Set.of()), new Need("b", "image", 5, Set.of()))))
        .containsExactly(new Match(first, "a"), new Match(second, "b"));
  }

  @Test
  void shouldGiveAStudyNoMoreThanItNeeds() {
    assertThat(
            Matcher.match(
                List.of(offer(1, "image"), offer(2, "image"), offer(3, "image")),
                List.of(new Need("a", "image", 2, Set.of()))))
        .hasSize(2);
  }

  @Test
  void shouldPassOverAStudyWhoseKindTheNodeLacks() {
    Offer offer = offer(1, "tabular", "text");
    assertThat(
            Matcher.match(
                List.of(offer),
                List.of(new Need("a", "image", 1, Set.of()), new Need("b", "text", 1, Set.of()))))
        .containsExactly(new Match(offer, "b"));
  }

  @Test
  void shouldKeepOffersThatNobodyNeeds() {
    assertThat(
            Matcher.match(List.of(offer(1, "image")), List.of(new Need("a", "image", 0, Set.of()))))
        .isEmpty();
  }
}
