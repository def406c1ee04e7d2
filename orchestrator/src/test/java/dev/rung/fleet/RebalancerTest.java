package dev.rung.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.fleet.Matcher.Need;
import dev.rung.fleet.Rebalancer.Party;
import dev.rung.fleet.Rebalancer.Yield;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RebalancerTest {
  private final Rebalancer rebalancer = new Rebalancer();
  private final Holdings holdings = new Holdings();
  private Duration now = Duration.ofHours(1);

  private Party party(String study, int could, int ready, int priority) {
    return new Party(
        new Need(study, "image", could, Set.of(), priority, 1, holdings.of(study)), ready);
  }

  private Rebalancer.Plan plan(Party... parties) {
    return rebalancer.plan(now.toNanos(), List.of(parties), holdings);
  }

  private static Yield ofA(Rebalancer.Plan plan) {
    return Objects.requireNonNull(plan.yields().get("a"));
  }

  private void pass(Duration time) {
    now = now.plus(time);
  }

  private void hold(int slots, Map<String, Integer> held) {
    holdings.put("node", "", new Balance.Traits(Set.of("image"), Map.of(), slots), held);
  }

  /** It could use four of the eight, and is ready for two. */
  @Test
  void shouldAskForSlotsThatCanBeUsedNowAndSayHowManyThereWillBe() {
    hold(8, Map.of("a", 8));

    Rebalancer.Plan plan = plan(party("a", 9, 9, 0), party("b", 100, 2, 0));

    assertThat(plan.yields())
        .isEqualTo(Map.of("a", new Yield(2, 0, "study b has less than its share")));
    assertThat(plan.gains()).isEqualTo(Map.of("b", 4));
  }

  @Test
  void shouldLoseItsPatienceWithEqualsAfterMinutesAndWithLowerPrioritiesAfterSeconds() {
    hold(8, Map.of("a", 8));
    Party equal = party("b", 100, 2, 0);
    assertThat(ofA(plan(party("a", 9, 9, 0), equal)).soon()).isZero();
    pass(Rebalancer.PATIENCE);
    assertThat(ofA(plan(party("a", 9, 9, 0), equal)).soon()).isZero();
    pass(Duration.ofSeconds(1));
    assertThat(ofA(plan(party("a", 9, 9, 0), equal)).soon()).isEqualTo(2);

    Party higher = party("c", 100, 3, 1);
    assertThat(ofA(plan(party("a", 9, 9, 0), higher)).soon()).isZero();
    pass(Rebalancer.PATIENCE_BY_PRIORITY.plusSeconds(1));
    assertThat(plan(party("a", 9, 9, 0), higher).yields())
        .isEqualTo(Map.of("a", new Yield(3, 3, "study c has a higher priority")));
  }

  @Test
  void shouldBeginToWaitAnewOnceAStudyHadItsShare() {
    hold(8, Map.of("a", 8));
    plan(party("a", 9, 9, 0), party("b", 100, 2, 0));
    pass(Rebalancer.PATIENCE);
    hold(8, Map.of("a", 4, "b", 4));
    assertThat(plan(party("a", 9, 9, 0), party("b", 100, 2, 0)).yields()).isEmpty();
    pass(Duration.ofSeconds(2));
    hold(8, Map.of("a", 8));

    assertThat(ofA(plan(party("a", 9, 9, 0), party("b", 100, 2, 0))))
        .isEqualTo(new Yield(2, 0, "study b has less than its share"));
  }

  /** Two studies and one slot: each has it in turn. */
  @Test
  void shouldStarveNobody() {
    hold(1, Map.of("a", 1));
    assertThat(plan(party("a", 9, 9, 0), party("b", 9, 9, 0)).yields()).isEmpty();
    pass(Rebalancer.PATIENCE.plusSeconds(1));
    assertThat(ofA(plan(party("a", 9, 9, 0), party("b", 9, 9, 0))))
        .isEqualTo(new Yield(1, 1, "study b has less than its share"));
    hold(1, Map.of("b", 1));
    assertThat(plan(party("a", 9, 9, 0), party("b", 9, 9, 0)).yields()).isEmpty();
    pass(Rebalancer.PATIENCE.plusSeconds(1));
    assertThat(plan(party("a", 9, 9, 0), party("b", 9, 9, 0)).yields()).containsOnlyKeys("b");
  }
}
