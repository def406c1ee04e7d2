package dev.rung.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.fleet.Matcher.Match;
import dev.rung.fleet.Matcher.Need;
import dev.rung.fleet.Matcher.Offer;
import dev.rung.study.Slot;
import dev.rung.study.SlotGroup;
import dev.rung.study.SlotRequest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class MatcherTest {
  private static final String POOL = "cpu";

  private static Need need(String study, String kind, int count) {
    return new Need(study, kind, count, Set.of(), 0, 1, Map.of());
  }

  private static Need weighted(String study, int priority, int weight, Map<String, Integer> held) {
    return new Need(study, "image", 1_000, Set.of(), priority, weight, held);
  }

  private static List<Match> match(List<Offer> offers, List<Need> needs) {
    return Matcher.match(offers, needs, Map.of(POOL, offers.size()));
  }

  private static List<Offer> offers(int count) {
    return LongStream.range(0, count).mapToObj(number -> offer(number, "image")).toList();
  }

  /** How many slots each study got. */
  private static Map<String, Long> counts(List<Match> matches) {
    return matches.stream().collect(Collectors.groupingBy(Match::study, Collectors.counting()));
  }

  private static Offer offer(long number, String... kinds) {
    return new Offer(new Slot("node", 1, "epoch", number), Set.of(kinds), POOL);
  }

  /** A study that has excluded node "n" waits, and leaves the offer to the next. */
  @Test
  void shouldGiveNoSlotOfANodeToAStudyThatExcludesIt() {
    Offer offer = offer(1, "image");
    Need picky = new Need("a", "image", 1, Set.of(offer.slot().node()), 0, 1, Map.of());
    assertThat(match(List.of(offer), List.of(picky))).isEmpty();
    assertThat(match(List.of(offer), List.of(picky, need("b", "image", 1))))
        .containsExactly(new Match(offer, "b"));
  }

  @Test
  void shouldGiveTheOldestOfferToTheStudyThatWaitedLongest() {
    Offer first = offer(1, "image");
    Offer second = offer(2, "image");
    assertThat(match(List.of(first, second), List.of(need("a", "image", 1), need("b", "image", 5))))
        .containsExactly(new Match(first, "a"), new Match(second, "b"));
  }

  @Test
  void shouldGiveAStudyNoMoreThanItNeeds() {
    assertThat(
            match(
                List.of(offer(1, "image"), offer(2, "image"), offer(3, "image")),
                List.of(need("a", "image", 2))))
        .hasSize(2);
  }

  @Test
  void shouldPassOverAStudyWhoseKindTheNodeLacks() {
    Offer offer = offer(1, "tabular", "text");
    assertThat(match(List.of(offer), List.of(need("a", "image", 1), need("b", "text", 1))))
        .containsExactly(new Match(offer, "b"));
  }

  @Test
  void shouldKeepOffersThatNobodyNeeds() {
    assertThat(match(List.of(offer(1, "image")), List.of(need("a", "image", 0)))).isEmpty();
  }

  @Test
  void shouldShareByWeight() {
    List<Need> needs =
        List.of(
            weighted("one", 0, 1, Map.of()),
            weighted("two", 0, 2, Map.of()),
            weighted("four", 0, 4, Map.of()));

    assertThat(counts(match(offers(70), needs)))
        .containsExactlyInAnyOrderEntriesOf(Map.of("one", 10L, "two", 20L, "four", 40L));
  }

  /** Of 70 slots, of which 60 are held, the ten that are free go to who holds too few. */
  @Test
  void shouldCountWhatAStudyHoldsAlready() {
    List<Need> needs =
        List.of(
            weighted("one", 0, 1, Map.of(POOL, 20)),
            weighted("two", 0, 2, Map.of(POOL, 13)),
            weighted("four", 0, 4, Map.of(POOL, 27)));

    Map<String, Long> counts = counts(Matcher.match(offers(10), needs, Map.of(POOL, 70)));

    // (13 + 4) / 2 and (27 + 6) / 4 are the nearest to one another that ten slots allow.
    assertThat(counts).containsExactlyInAnyOrderEntriesOf(Map.of("two", 4L, "four", 6L));
  }

  @Test
  void shouldGiveEverythingToTheHigherPriorityFirst() {
    List<Need> needs =
        List.of(
            weighted("patient", 0, 1_000, Map.of()),
            new Need("urgent", "image", 3, Set.of(), 5, 1, Map.of(POOL, 60)));

    assertThat(counts(match(offers(4), needs)))
        .containsExactlyInAnyOrderEntriesOf(Map.of("urgent", 3L, "patient", 1L));
  }

  /**
   * One study holds 3 of 4 GPUs, the other 3 of 12 CPUs: the dominant shares are 3/4 and 1/4, so
   * the CPU goes to the other, though both hold the same number of slots.
   */
  @Test
  void shouldCompareByThePoolOfWhichAStudyHoldsTheLargestPart() {
    Offer offer = offer(1, "image");

    List<Match> matches =
        Matcher.match(
            List.of(offer),
            List.of(
                weighted("gpus", 0, 1, Map.of("gpu", 3)), weighted("cpus", 0, 1, Map.of(POOL, 3))),
            Map.of("gpu", 4, POOL, 12));

    assertThat(matches).containsExactly(new Match(offer, "cpus"));
  }

  /** A pool whose nodes have just gone must not divide by nothing. */
  @Test
  void shouldTakeAPoolThatIsGoneForOneThatIsHeldWhole() {
    Offer offer = offer(1, "image");

    List<Match> matches =
        Matcher.match(
            List.of(offer),
            List.of(weighted("a", 0, 1, Map.of("gone", 1)), weighted("b", 0, 1, Map.of(POOL, 9))),
            Map.of(POOL, 10));

    assertThat(matches).containsExactly(new Match(offer, "b"));
  }

  private static final SlotRequest TWO = new SlotRequest(2, Map.of(), Map.of());

  private static Offer slotOf(String node, int of, long number, Map<String, String> labels) {
    Slot slot = new Slot(node, 1, "epoch", number);
    return new Offer(slot, Set.of("image"), POOL, labels, of, 0);
  }

  private static Need grouped(String study, SlotGroup... groups) {
    return new Need(study, "image", List.of(groups), Set.of(), 0, 1, Map.of());
  }

  @Test
  void shouldGiveATrialOnlySlotsWithTheLabelsThatItNeeds() {
    Offer small = slotOf("small", 1, 1, Map.of("memory_gb", "8"));
    Offer large = slotOf("large", 1, 2, Map.of("memory_gb", "40"));
    SlotRequest much = new SlotRequest(1, Map.of(), Map.of("memory_gb", 24.0));

    assertThat(
            match(
                List.of(small, large),
                List.of(grouped("a", SlotGroup.anywhere(much, 2), SlotGroup.anywhere(1)))))
        .containsExactly(new Match(large, "a"), new Match(small, "a"));
    assertThat(match(List.of(small), List.of(grouped("a", SlotGroup.anywhere(much, 2))))).isEmpty();
  }

  @Test
  void shouldGiveATrialAsManySlotsOfOneNodeAsItNeeds() {
    List<Offer> offers =
        List.of(
            slotOf("x", 2, 1, Map.of()), slotOf("y", 2, 2, Map.of()), slotOf("y", 2, 3, Map.of()));

    assertThat(match(offers, List.of(grouped("a", SlotGroup.anywhere(TWO, 3)))))
        .containsExactly(new Match(offers.subList(1, 3), "a"));
  }

  /** Trials of one slot would take every slot that becomes free, one after the other. */
  @Test
  void shouldHoldSlotsBackForTheTrialWhoseTurnItIsUntilThereAreEnough() {
    Offer free = slotOf("x", 2, 1, Map.of());
    Offer lonely = slotOf("z", 1, 2, Map.of());
    Need large = grouped("large", SlotGroup.anywhere(TWO, 1));
    Need small = grouped("small", SlotGroup.anywhere(5));

    assertThat(match(List.of(free, lonely), List.of(large, small)))
        .containsExactly(new Match(lonely, "small"));
    // It is not the turn of one that holds more.
    Need greedy =
        new Need(
            "greedy",
            "image",
            List.of(SlotGroup.anywhere(TWO, 1)),
            Set.of(),
            0,
            1,
            Map.of(POOL, 7));
    assertThat(match(List.of(free), List.of(greedy, small)))
        .containsExactly(new Match(free, "small"));
  }

  /** No node has so many slots: nothing waits for what cannot be. */
  @Test
  void shouldHoldNothingBackForATrialThatNoNodeIsLargeEnoughFor() {
    Offer free = slotOf("x", 1, 1, Map.of());
    assertThat(
            match(
                List.of(free),
                List.of(
                    grouped("large", SlotGroup.anywhere(TWO, 1)),
                    grouped("small", SlotGroup.anywhere(1)))))
        .containsExactly(new Match(free, "small"));
  }

  @Test
  void shouldUseASlotForWhatOnlyItsNodeCanDoFirst() {
    Offer here = slotOf("x", 1, 1, Map.of());
    Offer there = slotOf("y", 1, 2, Map.of());
    assertThat(
            match(
                List.of(here, there),
                List.of(
                    grouped(
                        "a", SlotGroup.anywhere(1), SlotGroup.tied(SlotRequest.PLAIN, "y", 1)))))
        .containsExactly(new Match(there, "a"), new Match(here, "a"));
  }

  private static Need preferring(String study, String... nodes) {
    return grouped(
        study,
        Arrays.stream(nodes)
            .map(node -> SlotGroup.preferring(SlotRequest.PLAIN, node, 1))
            .toArray(SlotGroup[]::new));
  }

  private static Matcher.Shared share(List<Offer> offers, Need... needs) {
    return Matcher.share(offers, List.of(needs), Map.of(POOL, offers.size()), Set.of());
  }

  @Test
  void shouldGoOnAtTheNodeThatTrainedATrialLastWhereItIsAsFreeAsOthers() {
    Offer x = slotOf("x", 1, 1, Map.of());
    Offer y = slotOf("y", 1, 2, Map.of());
    assertThat(share(List.of(x, y), preferring("a", "y")).matches())
        .containsExactly(new Match(y, "a"));
    // Whoever can be anywhere leaves it free, though its turn is first and the slot is the oldest.
    assertThat(share(List.of(y, x), grouped("b", SlotGroup.anywhere(1)), preferring("a", "y")))
        .isEqualTo(new Matcher.Shared(List.of(new Match(x, "b"), new Match(y, "a")), Set.of()));
  }

  @Test
  void shouldWaitForABetterNodeOnlyWhileNobodyElseCouldUseTheSlot() {
    Offer x = slotOf("x", 1, 1, Map.of());
    Offer z = slotOf("z", 1, 2, Map.of());
    Need resumed = preferring("a", "y");
    assertThat(share(List.of(x), resumed)).isEqualTo(new Matcher.Shared(List.of(), Set.of("a")));
    // Another could use it: whose turn it is takes it, and loses nothing by having waited.
    Need other = grouped("b", SlotGroup.anywhere(1));
    assertThat(share(List.of(x), resumed, other).matches()).containsExactly(new Match(x, "a"));
    // With a slot for each the other has its own.
    assertThat(share(List.of(x, z), resumed, other))
        .isEqualTo(new Matcher.Shared(List.of(new Match(z, "b")), Set.of("a")));
    // So it is with a trial of the same study.
    Need both = grouped("a", resumed.groups().get(0), SlotGroup.anywhere(1));
    assertThat(share(List.of(x), both).matches()).containsExactly(new Match(x, "a"));
    // One that cannot use it is no reason.
    assertThat(share(List.of(x), resumed, need("c", "text", 5)).lingering()).containsExactly("a");
  }

  @Test
  void shouldTakeAnySlotOnceItHasWaitedLongEnough() {
    Offer x = slotOf("x", 1, 1, Map.of());
    assertThat(
            Matcher.share(List.of(x), List.of(preferring("a", "y")), Map.of(POOL, 1), Set.of("a")))
        .isEqualTo(new Matcher.Shared(List.of(new Match(x, "a")), Set.of()));
  }
}
