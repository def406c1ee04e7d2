package dev.rung.benchmarks.races;

import dev.rung.benchmarks.Options;
import dev.rung.simulate.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Every contender on every table of a folder with every seed, and the courses of peers, which their
 * own programs run.
 */
public final class Races {
  private final List<RaceTable> tables;
  private final int seeds;

  private Races(List<RaceTable> tables, int seeds) {
    this.tables = tables;
    this.seeds = seeds;
  }

  /**
   * Runs the races: {@code tables=FOLDER seeds=20 only=PATTERN peers=FILE peer-seeds=5
   * report=FOLDER}. Where FILE is not there, the peers race first and write it.
   *
   * @throws IllegalArgumentException there is no folder of tables
   */
  public static void run(Options options) throws Exception {
    Path folder = RaceTable.folder(options);
    Races races = new Races(RaceTable.all(folder), options.number("seeds", 20));
    Optional<Path> file = options.text("peers").map(Path::of);
    Optional<PeerRuns> peers = Optional.empty();
    if (file.isPresent()) {
      peers = Optional.of(races.peers(file.get(), folder, options.number("peer-seeds", 5)));
    }
    String only = options.text("only").orElse(".*");
    Map<String, Map<String, List<Course>>> courses = new LinkedHashMap<>();
    for (Contender contender : Contender.all()) {
      if (contender.name().equals("random") || contender.name().matches(only)) {
        courses.put(contender.name(), races.courses(contender));
        Standing standing = races.standing(contender.name(), courses);
        System.out.println(RaceReport.line(standing));
      }
    }
    peers.ifPresent(found -> courses.putAll(found.courses()));
    List<Standing> standings = new ArrayList<>();
    courses.keySet().forEach(name -> standings.add(races.standing(name, courses)));
    RaceReport report =
        new RaceReport(
            races.tables, standings, courses, peers.map(PeerRuns::lines).orElse(List.of()));
    report.lines().forEach(System.out::println);
    if (options.text("report").isPresent()) {
      report.write(Path.of(options.text("report").get()));
    }
  }

  private PeerRuns peers(Path file, Path folder, int seeds)
      throws IOException, InterruptedException {
    if (!Files.exists(file)) {
      PeerRuns.write(file, folder, tables.get(0).in(folder), seeds);
    }
    return PeerRuns.read(file);
  }

  private Map<String, List<Course>> courses(Contender contender) {
    List<Course> all =
        IntStream.range(0, tables.size() * seeds)
            .parallel()
            .mapToObj(i -> contender.runner().run(tables.get(i / seeds), 1 + i % seeds))
            .toList();
    Map<String, List<Course>> byTable = new TreeMap<>();
    for (int i = 0; i < tables.size(); i++) {
      byTable.put(tables.get(i).name(), all.subList(i * seeds, (i + 1) * seeds));
    }
    return byTable;
  }

  /** What random search finds in the time of a race, by table. */
  private Map<String, Double> targets(Map<String, List<Course>> random) {
    Map<String, Double> targets = new TreeMap<>();
    for (RaceTable table : tables) {
      double race = (double) Contender.LENGTH * table.full();
      targets.put(
          table.name(),
          Spread.of(
                  Objects.requireNonNull(random.get(table.name())).stream()
                      .mapToDouble(course -> course.at(race)))
              .median());
    }
    return targets;
  }

  private Standing standing(String name, Map<String, Map<String, List<Course>>> courses) {
    return Standing.of(
        name,
        tables,
        targets(Objects.requireNonNull(courses.get("random"))),
        Objects.requireNonNull(courses.get(name)));
  }
}
