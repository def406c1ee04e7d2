package dev.rung.benchmarks.races;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import dev.rung.benchmarks.PythonPeers;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The races of the peers, from the file that {@code peers/races.py} writes.
 *
 * @param versions of their packages
 * @param protocol what all of them had in common, by name
 * @param settings what each was made with, by its name; those that an old file does not tell are
 *     missing
 * @param courses by name and table
 */
record PeerRuns(
    Map<String, String> versions,
    Map<String, String> protocol,
    Map<String, String> settings,
    Map<String, Map<String, List<Course>>> courses) {

  /**
   * Lets the peers race, once their own runners have found on one table what the loop of the races
   * finds.
   *
   * @param file to write
   * @param folder of the tables
   * @param table the one for their own runners
   * @throws IOException there is no Python, or a script failed
   */
  static void write(Path file, Path folder, Path table, int seeds)
      throws IOException, InterruptedException {
    PythonPeers peers = PythonPeers.ready();
    peers.run("own_runners.py", "--table", table.toString());
    peers.run(
        "races.py",
        "--tables",
        folder.toString(),
        "--seeds",
        Integer.toString(seeds),
        "--out",
        file.toString());
  }

  static PeerRuns read(Path file) throws IOException {
    JsonNode all = JsonMapper.builder().build().readTree(file.toFile());
    PeerRuns peers =
        new PeerRuns(
            texts(all.path("versions")),
            texts(all.path("settings")),
            new TreeMap<>(),
            new TreeMap<>());
    all.path("runs").forEach(peers::add);
    return peers;
  }

  /** The texts and numbers of an object. */
  private static Map<String, String> texts(JsonNode object) {
    Map<String, String> texts = new LinkedHashMap<>();
    object
        .properties()
        .forEach(property -> {
          if (property.getValue().isValueNode()) {
            texts.put(property.getKey(), property.getValue().asText());
          }
        });
    return texts;
  }

  private void add(JsonNode run) {
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
    courses
        .computeIfAbsent(name, n -> new TreeMap<>())
        .computeIfAbsent(run.get("table").asText(), t -> new ArrayList<>())
        .add(new Course(times, bests));
    if (run.has("settings")) {
      settings.putIfAbsent(name, run.get("settings").asText());
    }
  }

  /** What to say of them under the table of a report. */
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add("Peers: %s. Their races: %s.".formatted(text(versions), text(protocol)));
    if (!settings.isEmpty()) {
      lines.add("");
      lines.add("| peer | made with |");
      lines.add("|---|---|");
      settings.forEach((name, text) -> lines.add("| %s | `%s` |".formatted(name, text)));
    }
    return lines;
  }

  private static String text(Map<String, String> values) {
    return values.entrySet().stream()
        .map(value -> value.getKey() + " " + value.getValue())
        .collect(Collectors.joining(", "));
  }
}
