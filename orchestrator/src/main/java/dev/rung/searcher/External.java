package dev.rung.searcher;

import dev.rung.space.Assignment;
import dev.rung.space.SearchSpace;
import dev.rung.space.Value;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Holds what a program outside proposes to the rules that all searchers keep. Where that program
 * says nothing it proposes random assignments.
 */
public final class External implements Searcher {
  /** The name in study files. */
  public static final String NAME = "external";

  private final SearchSpace space;
  private final DistinctSearcher random;

  External(SearchSpace space, long seed) {
    this.space = space;
    this.random = new DistinctSearcher(new RandomProposer(space, seed), Lattice.of(space), seed);
  }

  @Override
  public String name() {
    return NAME;
  }

  @Override
  public void observe(Observation observation) {
    random.observe(observation);
  }

  /** A random assignment; empty: there is none left. */
  @Override
  public Optional<Assignment> suggest(int trial) {
    return random.suggest(trial);
  }

  /**
   * The assignment that the program proposes by names and values.
   *
   * @throws IllegalArgumentException it is none of the space, it is forbidden, or the space is
   *     finite and a trial has it
   */
  public Assignment read(Map<String, Value> written) {
    Assignment assignment = space.read(written);
    if (random.isUsed(assignment)) {
      throw new IllegalArgumentException(
          "expected an assignment that no trial has, but came one that is taken: "
              + space.active(assignment).entrySet().stream()
                  .map(value -> value.getKey() + "=" + value.getValue().text())
                  .collect(Collectors.joining(", ")));
    }
    return assignment;
  }
}
