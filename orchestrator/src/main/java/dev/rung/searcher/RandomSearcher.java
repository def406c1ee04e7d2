package dev.rung.searcher;

import dev.rung.space.Assignment;
import dev.rung.space.KeyedRandom;
import dev.rung.space.SearchSpace;
import java.util.Optional;

/**
 * Draws every parameter independently and evenly from its scale, and draws again what is forbidden.
 *
 * @param space what to draw from
 * @param seed the study's seed; the assignment of trial k is a function of (seed, k)
 */
public record RandomSearcher(SearchSpace space, long seed) implements Searcher {
  /** A space that a study file may have allows one point in some thousands. */
  private static final int MOST_DRAWS = 100_000;

  @Override
  public String name() {
    return "random";
  }

  @Override
  public Optional<Assignment> suggest(int trial) {
    KeyedRandom random = KeyedRandom.stream(seed, "random", trial);
    double[] point = new double[space.dimensions().size()];
    for (int draw = 0; draw < MOST_DRAWS; draw++) {
      for (int i = 0; i < point.length; i++) {
        point[i] = random.nextDouble();
      }
      Assignment assignment = space.decode(point);
      if (space.isAllowed(assignment)) {
        return Optional.of(assignment);
      }
    }
    return Optional.empty();
  }
}
