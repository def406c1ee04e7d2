package dev.rung.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpeedsTest {
  /** In ten seconds each: 30 steps of one study on the fast node, 10 on the slow one. */
  @Test
  void shouldCompareNodesByWhatTheyTrainedOfTheSameStudy() {
    Map<String, Pace> fast = Map.of("a", new Pace(30, 10));
    Map<String, Pace> slow = Map.of("a", new Pace(10, 10));
    Speeds speeds = new Speeds(List.of(fast, slow));

    assertThat(speeds.of(fast).orElseThrow()).isCloseTo(1.5, within(1e-9));
    assertThat(speeds.of(slow).orElseThrow()).isCloseTo(0.5, within(1e-9));
  }

  /** A step of b takes a hundred times as long, which says nothing about the node. */
  @Test
  void shouldNotTakeALargeStepForASlowNode() {
    Map<String, Pace> ofA = Map.of("a", new Pace(100, 10));
    Map<String, Pace> ofB = Map.of("b", new Pace(1, 10));
    Map<String, Pace> both = Map.of("a", new Pace(50, 5), "b", new Pace(0.5, 5));
    Speeds speeds = new Speeds(List.of(ofA, ofB, both));

    assertThat(speeds.of(both).orElseThrow()).isCloseTo(1, within(1e-9));
    assertThat(speeds.of(ofB).orElseThrow()).isCloseTo(1, within(1e-9));
  }

  @Test
  void shouldNotKnowTheSpeedOfANodeThatTrainedNothing() {
    assertThat(new Speeds(List.of(Map.of())).of(Map.of())).isEmpty();
    assertThat(new Speeds(List.of()).of(Map.of("a", new Pace(0, 3)))).isEmpty();
  }

  /**
   * Of study a node x trains 2 steps a second in each slot and y 1: 30 in 20 s together. Node z has
   * only trained b.
   */
  @Test
  void shouldTellHowFastASlotTrainsAStudyAlsoWhereItHasNotYet() {
    Map<String, Pace> x = Map.of("a", new Pace(20, 10), "b", new Pace(10, 10));
    Map<String, Pace> y = Map.of("a", new Pace(10, 10));
    Map<String, Pace> z = Map.of("b", new Pace(20, 10));
    Speeds speeds = new Speeds(List.of(x, y, z));

    assertThat(speeds.ofSlot("a", x)).hasValue(2);
    assertThat(speeds.ofSlot("a", y)).hasValue(1);
    // All train b at 30 / 20, z at 20 / 10, so z is 4 / 3 as fast, and a at 30 / 20 on the whole.
    assertThat(speeds.ofSlot("a", z)).hasValue(2);
    // Nothing is known of a new node, and nobody has trained c.
    assertThat(speeds.ofSlot("a", Map.of())).hasValue(1.5);
    assertThat(speeds.ofSlot("c", x)).isEmpty();
  }
}
