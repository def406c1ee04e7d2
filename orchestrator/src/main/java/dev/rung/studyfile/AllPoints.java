package dev.rung.studyfile;

import dev.rung.space.Dimension;
import dev.rung.space.SearchSpace;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A point for every combination of values of a small space. */
final class AllPoints {
  /** With more than so many a space is not small. */
  static final int MOST = 4_096;

  private AllPoints() {}

  /** The points; empty where they are endless or too many. */
  static Optional<Stream<double[]>> of(SearchSpace space) {
    List<Dimension> dimensions = space.dimensions();
    long count = 1;
    for (Dimension dimension : dimensions) {
      count *= dimension.values();
      if (count < 1 || count > MOST) {
        return Optional.empty();
      }
    }
    return Optional.of(
        IntStream.range(0, (int) count).mapToObj(number -> point(dimensions, number)));
  }

  /** Counts through all combinations, the first coordinate fastest. */
  private static double[] point(List<Dimension> dimensions, int number) {
    double[] point = new double[dimensions.size()];
    int rest = number;
    for (int i = 0; i < point.length; i++) {
      int values = dimensions.get(i).values();
      point[i] = (rest % values + 0.5) / values;
      rest /= values;
    }
    return point;
  }
}
