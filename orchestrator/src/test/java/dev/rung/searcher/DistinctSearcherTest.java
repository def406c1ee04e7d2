package dev.rung.searcher;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.searcher.Observation.Begun;
import dev.rung.searcher.Searchers.Settings;
import dev.rung.space.Assignment;
import dev.rung.space.Parameter.BooleanParameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.space.SearchSpace;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DistinctSearcherTest {
  private static final SearchSpace TWENTY =
      new SearchSpace(
          List.of(new IntParameter("hidden", 1, 10, true, 1), new BooleanParameter("bias")));

  @ParameterizedTest
  @ValueSource(strings = {"auto", "grid", "random", "sobol", "tpe"})
  void shouldUseUpASpaceAndThenHaveNothingLeft(String name) {
    Searcher searcher = Searchers.of(name, TWENTY, settings());
    Set<Assignment> seen = new HashSet<>();
    for (int trial = 1; trial <= 20; trial++) {
      Assignment assignment = searcher.suggest(trial).orElseThrow();
      seen.add(assignment);
      searcher.observe(new Begun(trial, assignment));
      searcher.observe(new Observation.Entered(trial, 0, List.of((double) trial), 0));
    }
    assertThat(seen).hasSize(20);
    assertThat(searcher.suggest(21)).isEmpty();
  }

  /** Whoever gave a trial its assignment, it is used. */
  @ParameterizedTest
  @ValueSource(strings = {"auto", "grid", "random", "sobol", "tpe"})
  void shouldKnowAssignmentsThatCameFromElsewhere(String name) {
    Searcher searcher = Searchers.of(name, TWENTY, settings());
    Lattice all = Lattice.of(TWENTY).orElseThrow();
    for (int i = 0; i < 19; i++) {
      searcher.observe(new Begun(i + 1, all.at(i)));
    }
    assertThat(searcher.suggest(20)).contains(all.at(19));
    searcher.observe(new Begun(20, all.at(19)));
    assertThat(searcher.suggest(21)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "random", "sobol", "tpe"})
  void shouldNeverRunOutOfAnEndlessSpace(String name) {
    SearchSpace endless = new SearchSpace(List.of(new FloatParameter("x", 0, 1, false, 0)));
    Searcher searcher = Searchers.of(name, endless, settings());
    for (int trial = 1; trial <= 50; trial++) {
      Assignment assignment = searcher.suggest(trial).orElseThrow();
      searcher.observe(new Begun(trial, assignment));
    }
    assertThat(searcher.suggest(51)).isPresent();
  }

  private static Settings settings() {
    return new Settings(7, 3, OptionalInt.empty());
  }
}
