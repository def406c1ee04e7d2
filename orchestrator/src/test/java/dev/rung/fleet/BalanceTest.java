package dev.rung.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.fleet.Balance.Move;
import dev.rung.fleet.Balance.Traits;
import dev.rung.fleet.Matcher.Need;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BalanceTest {
  private static final String POOL = "cpu";
  private static final Map<String, Set<Traits>> KINDS = Map.of(POOL, nodes("image"));

  private static Need need(String study, int count, int priority, int weight, int held) {
    Map<String, Integer> holds = held == 0 ? Map.of() : Map.of(POOL, held);
    return new Need(study, "image", count, Set.of(), priority, weight, holds);
  }

  private static Set<Traits> nodes(String... kinds) {
    return Set.of(new Traits(Set.of(kinds), Map.of(), 8));
  }

  private static List<Move> moves(int slots, Need... needs) {
    return Balance.moves(List.of(needs), Map.of(POOL, slots), KINDS, Set.of());
  }

  /**
   * Of 70 slots that one study holds, 20 and 40 go to those with twice and four times its weight.
   */
  @Test
  void shouldMoveSlotsUntilTheyAreSharedByWeight() {
    List<Move> moves =
        moves(
            70,
            need("one", 1_000, 0, 1, 70),
            need("two", 1_000, 0, 2, 0),
            need("four", 1_000, 0, 4, 0));

    assertThat(moves).allMatch(move -> move.from().equals("one") && !move.byPriority());
    assertThat(moves.stream().filter(move -> move.to().equals("two"))).hasSize(20);
    assertThat(moves.stream().filter(move -> move.to().equals("four"))).hasSize(40);
  }

  @Test
  void shouldMoveNoMoreThanIsNeeded() {
    assertThat(moves(10, need("a", 0, 0, 1, 10), need("b", 2, 0, 1, 0)))
        .isEqualTo(Collections.nCopies(2, new Move("a", "b", false)));
  }

  /** With 4 and 3 of 7 slots neither has more than the other by a whole slot. */
  @Test
  void shouldMoveNothingBackAndForth() {
    assertThat(moves(7, need("a", 9, 0, 1, 4), need("b", 9, 0, 1, 3))).isEmpty();
    assertThat(moves(1, need("a", 9, 0, 1, 1), need("b", 9, 0, 1, 0))).isEmpty();
  }

  @Test
  void shouldGiveAStudyThatHasWaitedTooLongOneSlotOfItsEquals() {
    List<Need> needs = List.of(need("a", 9, 0, 1, 1), need("b", 9, 0, 1, 0), need("c", 9, 1, 1, 1));

    assertThat(Balance.moves(needs, Map.of(POOL, 2), KINDS, Set.of("b")))
        // The higher priority takes its slot first, and keeps what it has.
        .containsExactly(new Move("a", "c", true));
    assertThat(Balance.moves(needs.subList(0, 2), Map.of(POOL, 1), KINDS, Set.of("b")))
        .containsExactly(new Move("a", "b", false));
  }

  @Test
  void shouldTakeFromTheLowestPriorityFirst() {
    List<Move> moves =
        moves(10, need("low", 0, -1, 100, 1), need("middle", 0, 0, 1, 9), need("high", 2, 1, 1, 0));

    assertThat(moves)
        .containsExactly(new Move("low", "high", true), new Move("middle", "high", true));
  }

  @Test
  void shouldNotTakeFromTheHigherPriority() {
    assertThat(moves(10, need("high", 0, 1, 1, 10), need("low", 5, 0, 1, 0))).isEmpty();
  }

  @Test
  void shouldMoveOnlySlotsThatTheTakerCanUse() {
    Need taker = need("a", 5, 1, 1, 0);
    Need giver = new Need("b", "text", 0, Set.of(), 0, 1, Map.of("gpu", 4, POOL, 1));

    assertThat(
            Balance.moves(
                List.of(taker, giver),
                Map.of("gpu", 4, POOL, 1),
                Map.of("gpu", nodes("text"), POOL, nodes("image", "text")),
                Set.of()))
        .containsExactly(new Move("b", "a", true));
  }
}
