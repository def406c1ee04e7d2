package dev.rung.searcher;

import dev.rung.space.Assignment;
import dev.rung.space.KeyedRandom;
import dev.rung.space.SearchSpace;
import java.util.stream.Stream;

/** Even draws from a space. */
final class RandomPoints {
  private RandomPoints() {}

  /** One assignment after another, without end. */
  static Stream<Assignment> of(SearchSpace space, KeyedRandom random) {
    int dimensions = space.dimensions().size();
    return Stream.generate(() -> {
      double[] point = new double[dimensions];
      for (int i = 0; i < dimensions; i++) {
        point[i] = random.nextDouble();
      }
      return space.decode(point);
    });
  }
}
