package dev.rung.simulate;

import dev.rung.space.Assignment;
import dev.rung.space.SearchSpace;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * The assignments of which something is known, as the only ones to search, each at its place in the
 * unit cube of the space.
 */
final class Rows<T> {
  /** As far apart as two values can be: one of them is that of an inactive parameter. */
  private static final double FAR = 1;

  private final SearchSpace space;
  private final List<Assignment> assignments;
  private final List<T> known;
  private final double[][] places;
  private final Map<Assignment, Integer> numbers = new HashMap<>();

  /**
   * Rows in an order.
   *
   * @param known at least one; what is known of each assignment of the space
   */
  Rows(SearchSpace space, SequencedMap<Assignment, T> known) {
    this.space = space;
    this.assignments = List.copyOf(known.sequencedKeySet());
    this.known = new ArrayList<>(known.sequencedValues());
    this.places = assignments.stream().map(space::encode).toArray(double[][]::new);
    for (int row = 0; row < places.length; row++) {
      numbers.put(assignments.get(row), row);
    }
  }

  SearchSpace space() {
    return space;
  }

  int size() {
    return places.length;
  }

  Assignment assignment(int row) {
    return assignments.get(row);
  }

  /** All that is known, row after row. */
  List<T> known() {
    return known;
  }

  /** What is known of an assignment. */
  T known(Assignment assignment) {
    return known.get(row(assignment));
  }

  /** The row of an assignment, or the nearest: copies of trials are changed as they like. */
  int row(Assignment assignment) {
    Integer row = numbers.get(assignment);
    return row == null ? nearest(assignment, new BitSet()) : row;
  }

  /** The nearest row without some; -1: there is no other. */
  int nearest(Assignment assignment, BitSet without) {
    double[] place = space.encode(assignment);
    int nearest = -1;
    double least = Double.POSITIVE_INFINITY;
    for (int row = without.nextClearBit(0);
        row < places.length;
        row = without.nextClearBit(row + 1)) {
      double distance = distance(place, places[row]);
      if (distance < least) {
        least = distance;
        nearest = row;
      }
    }
    return nearest;
  }

  /** The square of it. */
  private static double distance(double[] one, double[] other) {
    double distance = 0;
    for (int i = 0; i < one.length; i++) {
      double difference = one[i] - other[i];
      if (Double.isNaN(difference)) {
        difference = Double.isNaN(one[i]) && Double.isNaN(other[i]) ? 0 : FAR;
      }
      distance += difference * difference;
    }
    return distance;
  }
}
