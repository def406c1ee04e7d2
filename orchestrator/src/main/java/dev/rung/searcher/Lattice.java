package dev.rung.searcher;

import dev.rung.space.Assignment;
import dev.rung.space.Dimension;
import dev.rung.space.KeyedRandom;
import dev.rung.space.Parameter;
import dev.rung.space.SearchSpace;
import dev.rung.space.Value.IntValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/**
 * Finitely many points of a space: every combination of some coordinates of each dimension. Points
 * that differ only in what is not active are one assignment.
 */
final class Lattice {
  /** Combinations, above which a space counts as endless. */
  static final int MOST_POINTS = 1 << 20;

  private final SearchSpace space;
  private final List<double[]> axes;
  private final int size;

  private Lattice(SearchSpace space, List<double[]> axes, int size) {
    this.space = space;
    this.axes = axes;
    this.size = size;
  }

  /** Every assignment of a space; empty where they are endless or too many to count. */
  static Optional<Lattice> of(SearchSpace space) {
    List<double[]> axes = new ArrayList<>();
    for (Dimension dimension : space.dimensions()) {
      axis(space, dimension).ifPresent(axes::add);
    }
    return axes.size() < space.dimensions().size() ? Optional.empty() : combine(space, axes);
  }

  /**
   * The grid of a space.
   *
   * @param points coordinates of a parameter that has more values, both bounds among them; empty:
   *     every parameter has to have finitely many values
   * @throws IllegalArgumentException a parameter is endless, or the grid is too large
   */
  static Lattice grid(SearchSpace space, OptionalInt points) {
    List<double[]> axes = new ArrayList<>();
    for (Dimension dimension : space.dimensions()) {
      Optional<double[]> axis = axis(space, dimension);
      if (points.isPresent() && isToBeThinned(dimension, axis, points.getAsInt())) {
        axis = Optional.of(evenly(points.getAsInt()));
      }
      axes.add(
          axis.orElseThrow(() ->
              new IllegalArgumentException(
                  ("expected a parameter with finitely many values or a number of points to take of"
                          + " each, but %s takes any value")
                      .formatted(dimension.name()))));
    }
    return combine(space, axes)
        .orElseThrow(() ->
            new IllegalArgumentException(
                "expected a grid of at most %,d points, but this one has more"
                    .formatted(MOST_POINTS)));
  }

  /** Number of points. */
  int size() {
    return size;
  }

  /** Whether an assignment is none of those that the space forbids. */
  boolean isAllowed(Assignment assignment) {
    return space.isAllowed(assignment);
  }

  /** The assignment of a point, by its number below {@link #size}. */
  Assignment at(int index) {
    double[] point = new double[axes.size()];
    int rest = index;
    for (int i = point.length - 1; i >= 0; i--) {
      double[] axis = axes.get(i);
      point[i] = axis[rest % axis.length];
      rest /= axis.length;
    }
    return space.decode(point);
  }

  /** The numbers of all points, in an order that is a function of the seed. */
  int[] shuffled(long seed) {
    KeyedRandom random = KeyedRandom.stream(seed, "grid", 0);
    int[] order = IntStream.range(0, size).toArray();
    for (int i = size - 1; i > 0; i--) {
      int j = random.nextInt(i + 1);
      int swapped = order[i];
      order[i] = order[j];
      order[j] = swapped;
    }
    return order;
  }

  private static boolean isToBeThinned(Dimension dimension, Optional<double[]> axis, int points) {
    return dimension.kind() == Dimension.Kind.ORDERED
        && (axis.isEmpty() || axis.get().length > points);
  }

  private static Optional<Lattice> combine(SearchSpace space, List<double[]> axes) {
    long size = 1;
    for (double[] axis : axes) {
      size *= axis.length;
      if (size > MOST_POINTS) {
        return Optional.empty();
      }
    }
    return Optional.of(new Lattice(space, axes, (int) size));
  }

  /** A coordinate for each value; empty where they are endless or too many to count. */
  private static Optional<double[]> axis(SearchSpace space, Dimension dimension) {
    int values = dimension.values();
    if (values > 0) {
      return values > MOST_POINTS
          ? Optional.empty()
          : Optional.of(IntStream.range(0, values).mapToDouble(i -> (i + 0.5) / values).toArray());
    }
    return parameters(space, dimension).findAny().flatMap(Lattice::unevenAxis);
  }

  private static Stream<Parameter> parameters(SearchSpace space, Dimension dimension) {
    return space.parameters().stream().filter(p -> p.name().equals(dimension.name()));
  }

  /** Of a parameter whose values do not have equal parts of the unit interval. */
  private static Optional<double[]> unevenAxis(Parameter parameter) {
    return switch (parameter) {
      case Parameter.IntParameter p when (p.max() - p.min()) / p.step() < MOST_POINTS ->
          Optional.of(
              LongStream.rangeClosed(0, (p.max() - p.min()) / p.step())
                  .mapToDouble(i -> p.coordinate(new IntValue(p.min() + i * p.step())))
                  .toArray());
      case Parameter.FloatParameter p when p.min() == p.max() -> Optional.of(new double[] {0.5});
      case Parameter p -> Optional.empty();
    };
  }

  private static double[] evenly(int points) {
    return points == 1
        ? new double[] {0.5}
        : DoubleStream.iterate(0, i -> i < points, i -> i + 1).map(i -> i / (points - 1)).toArray();
  }
}
