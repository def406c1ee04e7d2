package dev.rung.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.fleet.Balance.Traits;
import dev.rung.study.SlotGroup;
import dev.rung.study.SlotRequest;
import dev.rung.study.ToDispatcher.Demand;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ShortageTest {
  private static final SlotRequest FOUR = new SlotRequest(4, Map.of("gpu", "h100"), Map.of());
  private static final Traits SMALL = new Traits(Set.of("image"), Map.of("gpu", "h100"), 2);
  private static final Traits OTHER = new Traits(Set.of("image", "text"), Map.of("gpu", "a100"), 8);

  private static Demand demand(SlotGroup... groups) {
    return new Demand("a", "image", List.of(groups), 0, 0, 1, true, 0, 1, Set.of(), Set.of());
  }

  private static Optional<String> shortage(List<Traits> nodes, SlotGroup... groups) {
    return Shortage.of(demand(groups), nodes, "x"::equals);
  }

  @Test
  void shouldNameTheLargestNodeThatFits() {
    assertThat(shortage(List.of(SMALL, OTHER), SlotGroup.anywhere(FOUR, 2)))
        .hasValue("needs 4 slots of one node with gpu=h100; the largest node that fits has 2");
    Traits large = new Traits(Set.of("image"), Map.of("gpu", "h100"), 4);
    assertThat(shortage(List.of(SMALL, OTHER, large), SlotGroup.anywhere(FOUR, 2))).isEmpty();
  }

  @Test
  void shouldSayThatNoNodeHasWhatIsNeeded() {
    assertThat(shortage(List.of(OTHER), SlotGroup.anywhere(FOUR, 2)))
        .hasValue("needs 4 slots of one node with gpu=h100; no connected node fits");
  }

  @Test
  void shouldSayWhichKindsThereAre() {
    Traits text = new Traits(Set.of("text", "audio"), Map.of(), 8);
    assertThat(shortage(List.of(text), SlotGroup.anywhere(2)))
        .hasValue("needs a trainer of kind image; connected nodes offer: audio, text");
    assertThat(shortage(List.of(), SlotGroup.anywhere(2)))
        .hasValue("needs a trainer of kind image; connected nodes offer: none");
    assertThat(shortage(List.of())).isEmpty();
  }

  @Test
  void shouldCountThoseThatWaitWhereOthersCanBegin() {
    assertThat(shortage(List.of(SMALL), SlotGroup.anywhere(3), SlotGroup.anywhere(FOUR, 1)))
        .hasValue(
            "1 trial needs 4 slots of one node with gpu=h100; the largest node that fits has 2");
    assertThat(shortage(List.of(SMALL), SlotGroup.anywhere(FOUR, 2), SlotGroup.anywhere(3)))
        .hasValue(
            "2 trials need 4 slots of one node with gpu=h100; the largest node that fits has 2");
  }

  @Test
  void shouldNameTheNodeWhoseDiskKeepsACheckpoint() {
    assertThat(shortage(List.of(SMALL), SlotGroup.tied(SlotRequest.PLAIN, "gone", 1)))
        .hasValue("needs node gone, whose disk keeps a checkpoint, but it is not connected");
    assertThat(shortage(List.of(SMALL), SlotGroup.tied(SlotRequest.PLAIN, "x", 1))).isEmpty();
  }

  /** A node that connects for a moment begins it anew. */
  @Test
  void shouldSayNothingBeforeItHasLasted() {
    Shortage shortage = new Shortage();
    Holdings holdings = new Holdings();
    List<Asking> studies = List.of(Asking.first(demand(SlotGroup.anywhere(2)), 0));
    long least = Shortage.LEAST.toNanos();
    shortage.note(0, studies, holdings, node -> false);
    shortage.note(1, studies, holdings, node -> false);
    assertThat(shortage.of("a", least - 1)).isEmpty();
    assertThat(shortage.of("a", least)).isPresent();
    holdings.put("n", "", SMALL, Map.of());
    shortage.note(least, studies, holdings, node -> true);
    assertThat(shortage.of("a", least)).isEmpty();
    holdings.remove("n");
    shortage.note(least + 1, studies, holdings, node -> false);
    assertThat(shortage.of("a", 2 * least)).isEmpty();
    assertThat(shortage.of("a", 2 * least + 1)).isPresent();
  }
}
