package dev.rung.benchmarks.races;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read from the file of the peers' races. */
final class PeerRunsTest {
  private static final String FILE =
      """
      {"versions": {"optuna": "5.0.0", "ray": "2.60.0"},
       "settings": {"workers": 25, "seeds": 2, "tables": {"t": {"length": 51}}},
       "runs": [
        {"peer": "random", "table": "t", "min": null, "settings": "random rows",
         "trajectory": [[1, 1.0]]},
        {"peer": "ray/asha", "table": "t", "min": 3, "settings": "ASHA(grace_period=3)",
         "trajectory": [[1, 1.0], [5, 0.5]]},
        {"peer": "ray/asha", "table": "t", "min": 3, "settings": "ASHA(grace_period=3)",
         "trajectory": [[2, 0.75]]}]}
      """;

  @TempDir Path folder;

  @Test
  void shouldReadCoursesByNameAndTable() throws Exception {
    PeerRuns peers = read(FILE);

    assertThat(peers.courses())
        .isEqualTo(
            Map.of(
                "random, peers' loop",
                Map.of("t", List.of(new Course(List.of(1.0), List.of(1.0)))),
                "ray/asha, min 3",
                Map.of(
                    "t",
                    List.of(
                        new Course(List.of(1.0, 5.0), List.of(1.0, 0.5)),
                        new Course(List.of(2.0), List.of(0.75))))));
  }

  @Test
  void shouldSayVersionsAndSettings() throws Exception {
    assertThat(read(FILE).lines())
        .containsExactly(
            "",
            "Peers: optuna 5.0.0, ray 2.60.0. Their races: workers 25, seeds 2.",
            "",
            "| peer | made with |",
            "|---|---|",
            "| random, peers' loop | `random rows` |",
            "| ray/asha, min 3 | `ASHA(grace_period=3)` |");
  }

  @Test
  void shouldReadOlderFileWithoutSettings() throws Exception {
    String older = FILE.replaceAll("\"settings\": \"[^\"]*\",", "");

    assertThat(read(older).lines())
        .containsExactly("", "Peers: optuna 5.0.0, ray 2.60.0. Their races: workers 25, seeds 2.");
  }

  private PeerRuns read(String text) throws IOException {
    return PeerRuns.read(Files.writeString(folder.resolve("peers.json"), text));
  }
}
