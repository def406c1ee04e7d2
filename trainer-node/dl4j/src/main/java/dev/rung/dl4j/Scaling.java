package dev.rung.dl4j;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Takes each column to mean 0 and standard deviation 1, as measured on one set of rows.
 *
 * @param columns what was measured, column by column
 */
record Scaling(List<Column> columns) {

  /**
   * One column.
   *
   * @param mean over the rows
   * @param deviation over the rows (n, not n - 1); 1 where the column is constant
   */
  record Column(double mean, double deviation) {

    private static Column of(float[][] rows, int column) {
      double mean = Arrays.stream(rows).mapToDouble(row -> row[column]).average().orElseThrow();
      double variance =
          Arrays.stream(rows)
              .mapToDouble(row -> (row[column] - mean) * (row[column] - mean))
              .average()
              .orElseThrow();
      return new Column(mean, variance > 0 ? Math.sqrt(variance) : 1);
    }
  }

  static Scaling of(float[][] rows) {
    return new Scaling(
        IntStream.range(0, rows[0].length).mapToObj(c -> Column.of(rows, c)).toList());
  }

  float[][] apply(float[][] rows) {
    float[][] scaled = new float[rows.length][];
    for (int r = 0; r < rows.length; r++) {
      scaled[r] = new float[rows[r].length];
      for (int c = 0; c < rows[r].length; c++) {
        Column column = columns.get(c);
        scaled[r][c] = (float) ((rows[r][c] - column.mean) / column.deviation);
      }
    }
    return scaled;
  }
}
