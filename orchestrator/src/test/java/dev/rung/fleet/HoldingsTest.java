package dev.rung.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.fleet.Balance.Traits;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HoldingsTest {
  private final Holdings holdings = new Holdings();

  private static Traits slots(int count) {
    return new Traits(Set.of("image"), Map.of(), count);
  }

  @Test
  void shouldAddUpNodesByPool() {
    holdings.put("a", "gpu", slots(4), Map.of("s", 2, "t", 1));
    holdings.put("b", "gpu", slots(4), Map.of("s", 1));
    holdings.put("c", "cpu", slots(16), Map.of("s", 5));

    assertThat(holdings.slots()).isEqualTo(Map.of("gpu", 8, "cpu", 16));
    assertThat(holdings.of("s")).isEqualTo(Map.of("gpu", 3, "cpu", 5));
    assertThat(holdings.of("t")).isEqualTo(Map.of("gpu", 1));
    assertThat(holdings.of("nobody")).isEmpty();
  }

  @Test
  void shouldSayWhatDistinguishesTheNodesOfAPool() {
    holdings.put("a", "gpu", new Traits(Set.of("image"), Map.of(), 4), Map.of());
    holdings.put("b", "gpu", new Traits(Set.of("image", "text"), Map.of(), 4), Map.of());
    holdings.put("c", "cpu", new Traits(Set.of("tabular"), Map.of(), 4), Map.of());

    assertThat(holdings.traits())
        .isEqualTo(
            Map.of(
                "gpu",
                Set.of(slots(4), new Traits(Set.of("image", "text"), Map.of(), 4)),
                "cpu",
                Set.of(new Traits(Set.of("tabular"), Map.of(), 4))));
  }

  @Test
  void shouldTakeWhatANodeSaysAgainForAllOfIt() {
    holdings.put("a", "gpu", slots(4), Map.of("s", 2));
    holdings.change("a", "s", 1);

    holdings.put("a", "cpu", slots(2), Map.of("t", 1));

    assertThat(holdings.slots()).isEqualTo(Map.of("cpu", 2));
    assertThat(holdings.of("s")).isEmpty();
    assertThat(holdings.of("t")).isEqualTo(Map.of("cpu", 1));
  }

  /** A slot that was granted counts at once; the node's own word replaces the guess. */
  @Test
  void shouldCountGrantsUntilTheNodeSaysWhatItHolds() {
    holdings.put("a", "", slots(4), Map.of());

    holdings.change("a", "s", 1);
    holdings.change("a", "s", 1);
    assertThat(holdings.of("s")).isEqualTo(Map.of("", 2));

    holdings.change("a", "s", -1);
    assertThat(holdings.of("s")).isEqualTo(Map.of("", 1));

    holdings.hold("a", "s", 3);
    assertThat(holdings.of("s")).isEqualTo(Map.of("", 3));

    holdings.hold("a", "s", 0);
    holdings.change("a", "s", -1);
    assertThat(holdings.of("s")).isEmpty();
  }

  @Test
  void shouldForgetANodeThatIsGone() {
    holdings.put("a", "", slots(4), Map.of("s", 2));

    holdings.remove("a");
    holdings.remove("a");
    holdings.hold("a", "s", 1);
    holdings.change("a", "s", 1);

    assertThat(holdings.slots()).isEmpty();
    assertThat(holdings.of("s")).isEmpty();
  }
}
