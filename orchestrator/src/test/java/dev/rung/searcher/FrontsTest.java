package dev.rung.searcher;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.space.KeyedRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FrontsTest {

  @Test
  void shouldOrderByLossAndEqualOnesByNumber() {
    Fronts fronts = new Fronts();
    fronts.insert(4, result(0.5));
    fronts.insert(2, result(0.5));
    fronts.insert(7, result(0.1));
    fronts.insert(1, result(0.9));
    assertThat(fronts.inOrder()).containsExactly(7, 2, 4, 1);
    assertThat(IntStream.of(7, 2, 4, 1).map(fronts::rank)).containsExactly(0, 1, 2, 3);
  }

  @Test
  void shouldPutFailuresLastAndInfeasibleOnesByViolationBeforeThem() {
    Fronts fronts = new Fronts();
    fronts.insert(1, result(Double.NaN));
    fronts.insert(2, new Result(List.of(0.0), 2));
    fronts.insert(3, new Result(List.of(9.0), 0.5));
    fronts.insert(4, result(1e9));
    fronts.insert(5, result(Double.NEGATIVE_INFINITY));
    fronts.insert(6, result(Double.POSITIVE_INFINITY));
    assertThat(fronts.inOrder()).containsExactly(4, 3, 2, 1, 5, 6);
  }

  /** (1, 4), (2, 2), (4, 1) do not dominate one another; (3, 3) is behind (2, 2) alone. */
  @Test
  void shouldPeelFrontsOfSeveralObjectives() {
    Fronts fronts = new Fronts();
    fronts.insert(1, result(3, 3));
    fronts.insert(2, result(5, 5));
    fronts.insert(3, result(1, 4));
    fronts.insert(4, result(4, 1));
    fronts.insert(5, result(2, 2));
    assertThat(fronts.inOrder()).containsExactly(3, 4, 5, 1, 2);
    fronts.insert(6, result(0, 0));
    assertThat(fronts.inOrder()).containsExactly(6, 3, 4, 5, 1, 2);
    fronts.remove(6);
    fronts.remove(5);
    assertThat(fronts.inOrder()).containsExactly(1, 3, 4, 2);
  }

  @Test
  void shouldNotLetEqualOnesDominateOneAnother() {
    assertThat(result(1, 2).dominates(result(1, 2))).isFalse();
    assertThat(result(0.0).dominates(result(-0.0))).isFalse();
    assertThat(result(1, 2).dominates(result(1, 3))).isTrue();
    assertThat(result(1, 3).dominates(result(1, 2))).isFalse();
  }

  @Test
  void shouldKeepTheFirstResultOfATrial() {
    Fronts fronts = new Fronts();
    fronts.insert(1, result(1));
    fronts.insert(2, result(2));
    fronts.insert(1, result(3));
    assertThat(fronts.inOrder()).containsExactly(1, 2);
    assertThat(fronts.objectives()).isEqualTo(1);
    assertThatThrownBy(() -> fronts.rank(9)).hasMessage("expected trial 9, but it is not here");
  }

  /** Against peeling from the definition: a front is who is dominated by nobody that is left. */
  @Test
  void shouldAgreeWithPeelingWhateverTheOrderOfArrival() {
    for (int seed = 1; seed <= 40; seed++) {
      KeyedRandom random = KeyedRandom.stream(seed, "fronts", 0);
      int objectives = 1 + seed % 3;
      Fronts fronts = new Fronts();
      Map<Integer, Result> all = new HashMap<>();
      for (int step = 0; step < 80; step++) {
        int trial = random.nextInt(60);
        if (random.nextInt(5) == 0) {
          fronts.remove(trial);
          all.remove(trial);
        } else {
          Result result = random(random, objectives);
          fronts.insert(trial, result);
          all.putIfAbsent(trial, result);
        }
        if (step % 8 == 7) {
          List<Integer> expected = peeled(all);
          assertThat(fronts.inOrder().boxed().toList()).as("seed %d", seed).isEqualTo(expected);
          for (int rank = 0; rank < expected.size(); rank++) {
            assertThat(fronts.rank(expected.get(rank))).as("seed %d", seed).isEqualTo(rank);
          }
        }
      }
    }
  }

  private static Result random(KeyedRandom random, int objectives) {
    List<Double> losses = new ArrayList<>();
    for (int i = 0; i < objectives; i++) {
      losses.add(random.nextInt(20) == 0 ? Double.NaN : random.nextInt(8));
    }
    return new Result(losses, random.nextInt(4) == 0 ? random.nextInt(3) : 0);
  }

  private static List<Integer> peeled(Map<Integer, Result> all) {
    Map<Integer, Result> left = new HashMap<>(all);
    List<Integer> order = new ArrayList<>();
    while (!left.isEmpty()) {
      List<Integer> front =
          left.keySet().stream()
              .filter(t ->
                  left.values().stream().noneMatch(r -> r.dominates(requireNonNull(all.get(t)))))
              .sorted(Comparator.naturalOrder())
              .toList();
      order.addAll(front);
      front.forEach(left::remove);
    }
    return order;
  }

  private static Result result(double... losses) {
    return new Result(Arrays.stream(losses).boxed().toList(), 0);
  }
}
