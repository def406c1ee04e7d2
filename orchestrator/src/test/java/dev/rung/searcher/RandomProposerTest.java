package dev.rung.searcher;

import static org.assertj.core.api.Assertions.assertThat;

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

class RandomProposerTest {
  private static final SearchSpace SPACE =
      new SearchSpace(
          List.of(
              new FloatParameter("lr", 1e-4, 1, true, 0),
              new IntParameter("hidden", 16, 256, false, 16),
              new BooleanParameter("bias")));

  @Test
  void shouldAnswerByTheSeedAndTheTrialAlone() {
    RandomProposer proposer = new RandomProposer(SPACE, 5);
    Assignment third = first(proposer, 3);
    assertThat(first(proposer, 1)).isNotEqualTo(third);
    assertThat(first(proposer, 3)).isEqualTo(third);
    assertThat(first(new RandomProposer(SPACE, 5), 3)).isEqualTo(third);
    assertThat(first(new RandomProposer(SPACE, 6), 3)).isNotEqualTo(third);
  }

  @Test
  void shouldReadItsStreamInTheOrderOfTheSpace() {
    KeyedRandom random = KeyedRandom.stream(5, "random", 3);
    double[] point = {random.nextDouble(), random.nextDouble(), random.nextDouble()};
    assertThat(first(new RandomProposer(SPACE, 5), 3)).isEqualTo(SPACE.decode(point));
  }

  @Test
  void shouldKeepEarlierParametersWhenOneIsAppended() {
    SearchSpace two = new SearchSpace(SPACE.parameters().subList(0, 2));
    assertThat(first(new RandomProposer(two, 5), 8).values())
        .isEqualTo(first(new RandomProposer(SPACE, 5), 8).values().subList(0, 2));
  }

  /** With 16 values of one parameter, 2 of another, and a real one, no two trials are alike. */
  @Test
  void shouldDifferFromTrialToTrial() {
    Set<Assignment> assignments =
        IntStream.rangeClosed(1, 200)
            .mapToObj(trial -> first(new RandomProposer(SPACE, 5), trial))
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

  private static Assignment first(RandomProposer proposer, int trial) {
    return proposer.proposals(trial).findFirst().orElseThrow();
  }
}
