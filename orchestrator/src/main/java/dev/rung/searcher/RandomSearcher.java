package dev.rung.searcher;

import dev.rung.space.Assignment;
import dev.rung.space.KeyedRandom;
import dev.rung.space.SearchSpace;
import java.util.Optional;

/**
 * Draws every parameter independently and evenly from its scale.
 *
 * @param space what to draw from
 * @param seed the study's seed; the assignment of trial k is a function of (seed, k)
 */
public record RandomSearcher(SearchSpace space, long seed) implements Searcher {

  @Override
  public String name() {
    return "random";
  }

  @Override
  public Optional<Assignment> suggest(int trial) {
    KeyedRandom random = KeyedRandom.stream(seed, "random", trial);
    double[] point = new double[space.dimensions().size()];
    for (int i = 0; i < point.length; i++) {
      point[i] = random.nextDouble();
    }
    return Optional.of(space.decode(point));
  }
}
