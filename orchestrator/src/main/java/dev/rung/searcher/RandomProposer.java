package dev.rung.searcher;

import dev.rung.space.Assignment;
import dev.rung.space.KeyedRandom;
import dev.rung.space.SearchSpace;
import java.util.stream.Stream;

/**
 * Draws every coordinate independently and evenly.
 *
 * @param space what to draw from
 * @param seed the study's seed; the assignments of trial k are a function of (seed, k)
 */
record RandomProposer(SearchSpace space, long seed) implements Proposer {

  @Override
  public String name() {
    return "random";
  }

  @Override
  public Stream<Assignment> proposals(int trial) {
    return RandomPoints.of(space, KeyedRandom.stream(seed, name(), trial));
  }
}
