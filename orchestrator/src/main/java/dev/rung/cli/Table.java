package dev.rung.cli;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A table of text, its columns as wide as they must be, the last one ragged. */
final class Table {
  private final List<String[]> rows = new ArrayList<>();
  private final boolean[] right;

  /**
   * A table.
   *
   * @param titles of the columns; one that begins with {@code >} is set to the right
   */
  Table(String... titles) {
    right = new boolean[titles.length];
    String[] header = titles.clone();
    for (int i = 0; i < titles.length; i++) {
      right[i] = titles[i].startsWith(">");
      header[i] = right[i] ? titles[i].substring(1) : titles[i];
    }
    rows.add(header);
  }

  /** Adds a row with a cell for each column. */
  void row(Object... cells) {
    rows.add(
        Arrays.stream(cells).map(cell -> Text.safe(String.valueOf(cell))).toArray(String[]::new));
  }

  List<String> lines() {
    int[] widths = new int[right.length];
    for (String[] row : rows) {
      for (int i = 0; i < row.length; i++) {
        widths[i] = Math.max(widths[i], row[i].length());
      }
    }
    return rows.stream().map(row -> line(row, widths)).toList();
  }

  private String line(String[] row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < row.length; i++) {
      String space = " ".repeat(widths[i] - row[i].length());
      line.append(i == 0 ? "" : "  ");
      line.append(right[i] ? space + row[i] : row[i] + space);
    }
    return line.toString().stripTrailing();
  }
}
