package dev.rung.benchmarks.races;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rung.benchmarks.Options;
import dev.rung.simulate.Spread;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * Every contender on every table of a folder with every seed, and the courses of peers from a file
 * that their own programs wrote.
 */
public final class Races {
  private final List<RaceTable> tables;
  private final int seeds;

  private Races(List<RaceTable> tables, int seeds) {
    this.tables = tables;
    this.seeds = seeds;
  }

  /**
   * Runs the races: {@code tables=FOLDER seeds=20 peers=FILE report=FOLDER only=PATTERN}.
   *
   * @throws IllegalArgumentException there is no folder of tables
   */
  public static void run(Options options) throws Exception {
    Path folder =
        Path.of(
            options
                .text("tables")
                .orElseThrow(() -> new IllegalArgumentException("expected tables=FOLDER")));
    Races races = new Races(RaceTable.all(folder), options.number("seeds", 20));
    String only = options.text("only").orElse(".*");
    Map<String, Map<String, List<Course>>> courses = new LinkedHashMap<>();
    for (Contender contender : Contender.all()) {
      if (contender.name().equals("random") || contender.name().matches(only)) {
        courses.put(contender.name(), races.courses(contender));
        Standing standing = races.standing(contender.name(), courses);
        System.out.println(RaceReport.line(standing));
      }
    }
    if (options.text("peers").isPresent()) {
      courses.putAll(races.peers(Path.of(options.text("peers").get())));
    }
    List<Standing> standings = new ArrayList<>();
    courses.keySet().forEach(name -> standings.add(races.standing(name, courses)));
    RaceReport report = new RaceReport(races.tables, races.seeds, standings, courses);
    report.lines().forEach(System.out::println);
    if (options.text("report").isPresent()) {
      report.write(Path.of(options.text("report").get()));
    }
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

  private Map<String, Map<String, List<Course>>> peers(Path file) throws IOException {
    JsonNode runs = JsonMapper.builder().build().readTree(file.toFile()).get("runs");
    Map<String, Map<String, List<Course>>> peers = new TreeMap<>();
    for (JsonNode run : runs) {
      // Without a lowest rung it is the peers' own random search, which holds the loops together.
      String name =
          run.get("min").isNull()
              ? "%s, peers' loop".formatted(run.get("peer").asText())
              : "%s, min %d".formatted(run.get("peer").asText(), run.get("min").asInt());
      List<Double> times = new ArrayList<>();
      List<Double> bests = new ArrayList<>();
      for (JsonNode step : run.get("trajectory")) {
        times.add(step.get(0).asDouble());
        bests.add(step.get(1).asDouble());
      }
      peers
          .computeIfAbsent(name, n -> new TreeMap<>())
          .computeIfAbsent(run.get("table").asText(), t -> new ArrayList<>())
          .add(new Course(times, bests));
    }
    return peers;
  }
}
