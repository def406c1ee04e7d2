package dev.rung.benchmarks.races;

import dev.rung.benchmarks.Options;
import dev.rung.simulate.CurveTable;
import dev.rung.simulate.Spread;
import dev.rung.simulate.TableReader;
import dev.rung.simulate.TableTask;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/**
 * A table that is raced on.
 *
 * @param name of its file
 * @param task its curves as a task
 * @param full resource of a whole training, in points
 * @param optimum the lowest loss of all points
 * @param ordinary median of the losses at the end of the curves
 */
record RaceTable(
    String name, CurveTable table, TableTask task, int full, double optimum, double ordinary) {
  /** The objective of every race. */
  static final String LOSS = "valid_loss";

  private static final String ENDING = ".json.gz";

  /**
   * The folder that the option {@code tables} names.
   *
   * @throws IllegalArgumentException it is not there
   */
  static Path folder(Options options) {
    return Path.of(
        options
            .text("tables")
            .orElseThrow(() -> new IllegalArgumentException("expected tables=FOLDER")));
  }

  /** Every table of a folder, by name. */
  static List<RaceTable> all(Path folder) throws IOException, TableReader.BrokenTableException {
    List<Path> files;
    try (Stream<Path> found = Files.list(folder)) {
      files = found.filter(file -> file.toString().endsWith(ENDING)).sorted().toList();
    }
    List<RaceTable> tables = new ArrayList<>();
    for (Path file : files) {
      tables.add(of(file));
    }
    return tables;
  }

  /** The table of a file. */
  static RaceTable of(Path file) throws IOException, TableReader.BrokenTableException {
    return of(file.getFileName().toString().replace(ENDING, ""), TableReader.read(file));
  }

  /** The file of this table in a folder. */
  Path in(Path folder) {
    return folder.resolve(name + ENDING);
  }

  static RaceTable of(String name, CurveTable table) {
    Spread lasts =
        Spread.of(
            table.rows().stream()
                .mapToDouble(row -> last(row.curve(LOSS)))
                .map(loss -> Double.isNaN(loss) ? Double.POSITIVE_INFINITY : loss));
    double optimum =
        table.rows().stream()
            .flatMapToDouble(row -> Arrays.stream(row.curve(LOSS)))
            .filter(Double::isFinite)
            .min()
            .orElseThrow();
    return new RaceTable(name, table, new TableTask(table), table.steps(), optimum, lasts.median());
  }

  private static double last(double[] curve) {
    return curve[curve.length - 1];
  }

  /** What is missing to the optimum, in units of what an ordinary setting misses. */
  double regret(double best) {
    return (best - optimum) / (ordinary - optimum);
  }

  int rows() {
    return table.rows().size();
  }

  double loss(int row, int step) {
    return table.rows().get(row).curve(LOSS)[step - 1];
  }
}
