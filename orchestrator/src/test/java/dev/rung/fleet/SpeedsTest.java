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
}
