package dev.rung.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class HoldingsTest {
  private static final Set<String> KINDS = Set.of("image");
  private final Holdings holdings = new Holdings();

  @Test
  void shouldAddUpNodesByPool() {
    holdings.put("a", "gpu", 4, KINDS, Map.of("s", 2, "t", 1));
    holdings.put("b", "gpu", 4, KINDS, Map.of("s", 1));
    holdings.put("c", "cpu", 16, KINDS, Map.of("s", 5));

    assertThat(holdings.slots()).isEqualTo(Map.of("gpu", 8, "cpu", 16));
    assertThat(holdings.of("s")).isEqualTo(Map.of("gpu", 3, "cpu", 5));
    assertThat(holdings.of("t")).isEqualTo(Map.of("gpu", 1));
    assertThat(holdings.of("nobody")).isEmpty();
  }

  @Test
  void shouldSayWhichKindsOfTrainerAPoolHas() {
    holdings.put("a", "gpu", 4, Set.of("image"), Map.of());
    holdings.put("b", "gpu", 4, Set.of("image", "text"), Map.of());
    holdings.put("c", "cpu", 4, Set.of("tabular"), Map.of());

    assertThat(holdings.kinds())
        .isEqualTo(Map.of("gpu", Set.of("image", "text"), "cpu", Set.of("tabular")));
  }

  @Test
  void shouldTakeWhatANodeSaysAgainForAllOfIt() {
    holdings.put("a", "gpu", 4, KINDS, Map.of("s", 2));
    holdings.change("a", "s", 1);

    holdings.put("a", "cpu", 2, KINDS, Map.of("t", 1));

    assertThat(holdings.slots()).isEqualTo(Map.of("cpu", 2));
    assertThat(holdings.of("s")).isEmpty();
    assertThat(holdings.of("t")).isEqualTo(Map.of("cpu", 1));
  }

  /** A slot that was granted counts at once; the node's own word replaces the guess. */
  @Test
  void shouldCountGrantsUntilTheNodeSaysWhatItHolds() {
    holdings.put("a", "", 4, KINDS, Map.of());

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
    holdings.put("a", "", 4, KINDS, Map.of("s", 2));

    holdings.remove("a");
    holdings.remove("a");
    holdings.hold("a", "s", 1);
    holdings.change("a", "s", 1);

    assertThat(holdings.slots()).isEmpty();
    assertThat(holdings.of("s")).isEmpty();
  }
}
