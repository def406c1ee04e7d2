package dev.rung.searcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.space.Assignment;
import dev.rung.space.KeyedRandom;
import dev.rung.space.Parameter.BooleanParameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.space.SearchSpace;
import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.IntValue;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RandomSearcherTest {
  private static final SearchSpace SPACE =
      new SearchSpace(
          List.of(
              new FloatParameter("lr", 1e-4, 1, true, 0),
              new IntParameter("hidden", 16, 256, false, 16),
              new BooleanParameter("bias")));

  @Test
  void shouldAnswerByTheSeedAndTheTrialAlone() {
    Searcher searcher = Searchers.of("random", SPACE, 5);
    Assignment third = searcher.suggest(3).orElseThrow();
    assertThat(searcher.suggest(1)).isPresent();
    assertThat(searcher.suggest(3)).contains(third);
    assertThat(new RandomSearcher(SPACE, 5).suggest(3)).contains(third);
    assertThat(new RandomSearcher(SPACE, 6).suggest(3).orElseThrow()).isNotEqualTo(third);
  }

  @Test
  void shouldReadItsStreamInTheOrderOfTheSpace() {
    KeyedRandom random = KeyedRandom.stream(5, "random", 3);
    double[] point = {random.nextDouble(), random.nextDouble(), random.nextDouble()};
    assertThat(new RandomSearcher(SPACE, 5).suggest(3)).contains(SPACE.decode(point));
  }

  @Test
  void shouldKeepEarlierParametersWhenOneIsAppended() {
    SearchSpace two = new SearchSpace(SPACE.parameters().subList(0, 2));
    assertThat(new RandomSearcher(two, 5).suggest(8).orElseThrow().values())
        .isEqualTo(new RandomSearcher(SPACE, 5).suggest(8).orElseThrow().values().subList(0, 2));
  }

  /** With 16 values of one parameter, 2 of another, and a real one, no two trials are alike. */
  @Test
  void shouldDifferFromTrialToTrial() {
    Set<Assignment> assignments =
        IntStream.rangeClosed(1, 200)
            .mapToObj(trial -> new RandomSearcher(SPACE, 5).suggest(trial).orElseThrow())
            .collect(Collectors.toSet());
    assertThat(assignments).hasSize(200);
  }

  @Test
  void shouldLeadFromAnAssignmentToItsPointAndBack() {
    Assignment assignment = SPACE.decode(new double[] {0, 0.99, 0.1});
    assertThat(assignment.values().subList(0, 2))
        .isEqualTo(List.of(new DoubleValue(1e-4), new IntValue(256)));
    assertThat(SPACE.decode(SPACE.encode(assignment))).isEqualTo(assignment);
  }

  @Test
  void shouldNameTheKnownSearchersWhenAnotherIsAskedFor() {
    assertThat(Searchers.names()).containsExactly("auto", "random", "sobol");
    assertThat(Searchers.of("auto", SPACE, 1).name()).isEqualTo("random");
    assertThatThrownBy(() -> Searchers.of("tpe", SPACE, 1))
        .hasMessage("expected a searcher of [auto, random, sobol], but came tpe");
  }
}
