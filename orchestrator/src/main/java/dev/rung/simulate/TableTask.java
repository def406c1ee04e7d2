package dev.rung.simulate;

import dev.rung.searcher.Searcher;
import dev.rung.space.Assignment;
import dev.rung.space.SearchSpace;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A task whose curves are in a table. A searcher that proposes anything is given the nearest unused
 * row, in the unit cube of the space; random search draws an unused row.
 */
public final class TableTask implements Task {
  private final CurveTable table;
  private final SearchSpace space;
  private final List<Assignment> assignments = new ArrayList<>();
  private final double[][] places;
  private final Map<Assignment, Integer> rows = new HashMap<>();

  /** The task of a table in the space that the table itself gives. */
  public TableTask(CurveTable table) {
    this(table, TableSpace.of(table));
  }

  /**
   * The task of a table in a space.
   *
   * @throws IllegalArgumentException the space has a parameter that the table does not have, or a
   *     row is outside
   */
  public TableTask(CurveTable table, SearchSpace space) {
    this.table = table;
    this.space = space;
    this.places = new double[table.rows().size()][];
    for (int row = 0; row < places.length; row++) {
      Assignment assignment = TableSpace.assignment(space, table.rows().get(row));
      if (!space.contains(assignment)) {
        throw new IllegalArgumentException(
            "space: expected all of the table, but entry %d is outside: %s"
                .formatted(row + 1, table.rows().get(row).setting()));
      }
      assignments.add(assignment);
      places[row] = space.encode(assignment);
      rows.putIfAbsent(assignment, row);
    }
  }

  @Override
  public SearchSpace space() {
    return space;
  }

  @Override
  public Searcher limit(Searcher searcher, long seed) {
    return new RowSearcher(searcher, this, seed);
  }

  @Override
  public SortedSet<String> metrics() {
    return new TreeSet<>(table.rows().get(0).curves().keySet());
  }

  @Override
  public OptionalLong lastStep() {
    return OptionalLong.of(table.steps());
  }

  @Override
  public Map<String, Double> measure(Assignment assignment, int trial, long step) {
    Map<String, Double> metrics = new HashMap<>();
    table
        .rows()
        .get(row(assignment))
        .curves()
        .forEach((name, curve) -> metrics.put(name, curve[(int) step - 1]));
    return metrics;
  }

  /** The row of an assignment, or the nearest: copies of trials are changed as they like. */
  public int row(Assignment assignment) {
    Integer row = rows.get(assignment);
    return row == null ? nearest(assignment, new BitSet()) : row;
  }

  /** Number of rows. */
  int size() {
    return places.length;
  }

  Assignment assignment(int row) {
    return assignments.get(row);
  }

  /** The nearest row without some; -1: there is no other. */
  int nearest(Assignment assignment, BitSet without) {
    double[] place = space.encode(assignment);
    int nearest = -1;
    double least = Double.POSITIVE_INFINITY;
    for (int row = without.nextClearBit(0);
        row < places.length;
        row = without.nextClearBit(row + 1)) {
      double distance = 0;
      for (int i = 0; i < place.length; i++) {
        double difference = place[i] - places[row][i];
        distance += difference * difference;
      }
      if (distance < least) {
        least = distance;
        nearest = row;
      }
    }
    return nearest;
  }
}
