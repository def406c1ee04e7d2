package dev.rung.benchmarks.races;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;

/** Standings as text, and as files: one table, its data, and a plot. */
final class RaceReport {
  private final List<RaceTable> tables;
  private final List<Standing> standings;
  private final Map<String, Map<String, List<Course>>> courses;
  private final List<String> notes;

  RaceReport(
      List<RaceTable> tables,
      List<Standing> standings,
      Map<String, Map<String, List<Course>>> courses,
      List<String> notes) {
    this.tables = tables;
    this.standings = standings;
    this.courses = courses;
    this.notes = notes;
  }

  /** A row of the table. */
  static String line(Standing s) {
    return "| %s | %.2f | %.2f .. %.2f | %.3f | %.3f |"
        .formatted(s.name(), s.speedUp(), s.slowest(), s.fastest(), s.early(), s.late());
  }

  /** The table, the fastest first, and what is to be said about it. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("| algorithm | speed-up | of a seed | regret at 2R | regret at 10R |");
    lines.add("|---|---|---|---|---|");
    standings.stream()
        .sorted((one, other) -> Double.compare(other.speedUp(), one.speedUp()))
        .map(RaceReport::line)
        .forEach(lines::add);
    lines.addAll(notes);
    return lines;
  }

  /** Writes {@code races-table.md}, {@code races.csv} and {@code races.svg} into a folder. */
  void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(folder.resolve("races-table.md"), String.join("\n", lines()) + "\n");
    Files.writeString(folder.resolve("races.csv"), data());
    Files.writeString(folder.resolve("races.svg"), new RacePlot(tables, courses).svg());
  }

  private int seeds(String name) {
    return Objects.requireNonNull(courses.get(name)).values().iterator().next().size();
  }

  private String data() {
    String header =
        "algorithm,seeds,speed_up,regret_2r,regret_10r,"
            + tables.stream().map(RaceTable::name).collect(Collectors.joining(","));
    return header
        + "\n"
        + standings.stream()
            .map(s ->
                "\"%s\",%d,%.4f,%.5f,%.5f,%s%n"
                    .formatted(
                        s.name(),
                        seeds(s.name()),
                        s.speedUp(),
                        s.early(),
                        s.late(),
                        s.speedUps().values().stream()
                            .map("%.4f"::formatted)
                            .collect(Collectors.joining(","))))
            .collect(Collectors.joining());
  }
}
