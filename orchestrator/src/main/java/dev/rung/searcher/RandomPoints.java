package dev.rung.searcher;

import dev.rung.space.Assignment;
import dev.rung.space.KeyedRandom;
import dev.rung.space.SearchSpace;
import java.util.stream.Stream;

/** Even draws from a space. */
final class RandomPoints {
  /** A space that a study file may have allows one point in some thousands. */
  private static final int MOST_DRAWS = 100_000;

  private RandomPoints() {}

  /** One allowed assignment after another, as many as there are among so many draws. */
  static Stream<Assignment> of(SearchSpace space, KeyedRandom random) {
    int dimensions = space.dimensions().size();
    return Stream.generate(
            () -> {
              double[] point = new double[dimensions];
              for (int i = 0; i < dimensions; i++) {
                point[i] = random.nextDouble();
              }
              return space.decode(point);
            })
        .limit(MOST_DRAWS)
        .filter(space::isAllowed);
  }
}
