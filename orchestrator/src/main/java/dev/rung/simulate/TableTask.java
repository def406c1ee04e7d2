package dev.rung.simulate;

import dev.rung.searcher.Searcher;
import dev.rung.space.Assignment;
import dev.rung.space.SearchSpace;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SequencedMap;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A task whose curves are in a table. A searcher that proposes anything is given the nearest unused
 * row, in the unit cube of the space; random search draws an unused row. Of a setting that has
 * several rows the first counts.
 */
public final class TableTask implements Task {
  private final CurveTable table;
  private final Rows<CurveTable.Row> rows;

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
    SequencedMap<Assignment, CurveTable.Row> known = new LinkedHashMap<>();
    for (int entry = 0; entry < table.rows().size(); entry++) {
      CurveTable.Row row = table.rows().get(entry);
      Assignment assignment = TableSpace.assignment(space, row);
      if (!space.contains(assignment)) {
        throw new IllegalArgumentException(
            "space: expected all of the table, but entry %d is outside: %s"
                .formatted(entry + 1, row.setting()));
      }
      known.putIfAbsent(assignment, row);
    }
    this.rows = new Rows<>(space, known);
  }

  /** The rows in the space. */
  Rows<CurveTable.Row> rows() {
    return rows;
  }

  @Override
  public SearchSpace space() {
    return rows.space();
  }

  @Override
  public Searcher limit(Searcher searcher, long seed) {
    return new RowSearcher(searcher, rows, seed);
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
    rows.known(assignment)
        .curves()
        .forEach((name, curve) -> metrics.put(name, curve[(int) step - 1]));
    return metrics;
  }
}
