package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** `rung simulate`, as it is typed. */
class SimulateTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Terminal terminal = new Terminal();

  @TempDir Path folder;
  private Path study;

  @BeforeEach
  void write() throws IOException {
    study =
        file(
            "study.yaml",
            """
            name: simulated
            metric: {name: valid_loss, goal: minimize}
            resource: {unit: epoch, max: 9}
            budget: {trials: 9}
            algorithm: {halving: asha, search: random, seed: 5}
            trainer: {kind: simulated}
            """);
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(folder.resolve(name), text);
  }

  private int simulate(String... more) {
    List<String> args = new ArrayList<>(List.of("simulate", "--study", study.toString()));
    args.addAll(List.of(more));
    return terminal.run(args.toArray(String[]::new));
  }

  /**
   * Nine trials with eta 3 and one trainer: 9 enter rung 1, floor(9 / 3) = 3 at least go on to 3
   * epochs, and one of these to 9.
   */
  @Test
  void shouldPrintEachRunForAProgram() throws Exception {
    int exit = simulate("--synthetic", "constant", "--trainers", "1", "--seeds", "2", "-o", "json");

    assertThat(exit).as(terminal.err()).isZero();
    JsonNode runs = JSON.readTree(terminal.out()).get("runs");
    assertThat(runs).hasSize(2);
    assertThat(runs.get(0).get("seed").asInt()).isEqualTo(5);
    assertThat(runs.get(1).get("seed").asInt()).isEqualTo(6);
    for (JsonNode run : runs) {
      assertThat(run.get("started").asInt()).isEqualTo(9);
      assertThat(run.get("state").asText()).isEqualTo("ended");
      assertThat(run.get("rungs")).hasSize(3);
      assertThat(run.at("/rungs/0/resource").asInt()).isEqualTo(1);
      assertThat(run.at("/rungs/0/entered").asInt()).isEqualTo(9);
      assertThat(run.at("/rungs/1/entered").asInt()).isGreaterThanOrEqualTo(3);
      assertThat(run.get("completed").asInt())
          .isEqualTo(run.at("/rungs/2/entered").asInt())
          .isPositive();
      assertThat(run.get("utilisation").asDouble()).isEqualTo(1);
      assertThat(run.get("resource").asDouble()).isEqualTo(run.get("time").asDouble());
      assertThat(run.get("decisions").asInt()).isGreaterThanOrEqualTo(13);
      assertThat(run.at("/trajectory/0/0").asDouble()).isEqualTo(1);
    }
  }

  @Test
  void shouldPrintTheRunsForAPerson() {
    assertThat(simulate("--synthetic", "constant", "--trainers", "3", "--seeds", "3")).isZero();

    assertThat(terminal.out())
        .contains("SEED  TIME  STARTED  COMPLETED  epoch    USED     BEST  SINCE")
        .contains("median time ")
        .contains("RUNG  ENTERED  LEAST TO MOST\n   1      9.0  9 to 9\n");
  }

  /** Of four rows all are trained, and then none is left. */
  @Test
  void shouldTrainTheRowsOfATable() throws Exception {
    String rows =
        """
        [{"hp": {"x": 1}, "valid": {"loss": [5, 4, 3, 2, 1, 1, 1, 1, 1]}},
         {"hp": {"x": 2}, "valid": {"loss": [6, 5, 4, 3, 2, 2, 2, 2, 0.5]}},
         {"hp": {"x": 3}, "valid": {"loss": [7, null, NaN, Infinity, 1e18, 1, 1, 1, 1]}},
         {"hp": {"x": 4}, "valid": {"loss": [NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN, NaN]}}]
        """;
    int exit =
        simulate("--table", file("t.json", rows).toString(), "--trainers", "2", "-o", "json");

    assertThat(exit).as(terminal.err()).isZero();
    JsonNode run = JSON.readTree(terminal.out()).at("/runs/0");
    assertThat(run.get("state").asText()).isEqualTo("ended");
    assertThat(run.get("started").asInt()).isEqualTo(4);
    assertThat(run.at("/rungs/0/entered").asInt()).isEqualTo(4);
    // The row with a loss of 5 at the first epoch goes on, and one before it perhaps.
    assertThat(run.at("/rungs/1/entered").asInt()).isBetween(1, 2);
    assertThat(run.at("/trajectory").get(run.at("/trajectory").size() - 1).get(1).asDouble())
        .isEqualTo(3);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--trainers 2|rung: expected one of --table and --synthetic",
        "--synthetic branin --table x.json|rung: expected one of --table and --synthetic",
        "--synthetic cosine|rung: --synthetic: expected one of constant, counting-ones, hartmann,"
            + " branin, but came cosine",
        "--synthetic constant --trainers 0|rung: expected at least one trainer, but came 0.0",
        "--synthetic constant --drop 1|rung: expected a chance of a drop in [0, 1), but came 1.0",
        "--synthetic constant --seeds 0|rung: --seeds: expected 1 to 10000, but came 0",
        "--synthetic constant --time 0|rung: --time: expected a positive number, but came 0.0"
      })
  void shouldSayWhichOptionIsWrong(String options, String message) {
    assertThat(simulate(options.split(" "))).isEqualTo(2);
    assertThat(terminal.err()).isEqualTo(message + "\n");
  }

  @Test
  void shouldNameTheTablesMetricsAndItsLastStep() throws Exception {
    Path table =
        file("t.json", "[{\"hp\": {\"x\": 1}, \"test\": {\"loss\": [1, 2], \"error\": [1, 2]}}]");

    assertThat(simulate("--table", table.toString())).isEqualTo(2);
    assertThat(terminal.err())
        .isEqualTo(
            "rung: %s: metric: expected one of the table, which has [test_error, test_loss], but"
                    .formatted(study)
                + " came valid_loss\n");

    Files.writeString(study, Files.readString(study).replace("valid_loss", "test_loss"));
    assertThat(simulate("--table", table.toString())).isEqualTo(2);
    assertThat(terminal.err())
        .isEqualTo(
            "rung: %s: resource.max: expected at most 2, where the curves end, but came 9\n"
                .formatted(study));
  }

  @Test
  void shouldRunTheExample() throws Exception {
    Path example = Path.of("../docs/examples/simulated.yaml");
    int exit =
        terminal.run(
            "simulate",
            "--study",
            example.toString(),
            "--synthetic",
            "constant",
            "--trainers",
            "25",
            "-o",
            "json");

    assertThat(exit).as(terminal.err()).isZero();
    assertThat(JSON.readTree(terminal.out()).at("/runs/0/started").asInt()).isEqualTo(1_000);
  }

  @Test
  void shouldAskForAnEnd() throws Exception {
    Files.writeString(study, Files.readString(study).replace("budget: {trials: 9}\n", ""));

    assertThat(simulate("--synthetic", "constant")).isEqualTo(2);
    assertThat(terminal.err())
        .isEqualTo(
            "rung: expected --time, or a budget in the study file, since nothing else ends the"
                + " study\n");
    assertThat(simulate("--synthetic", "constant", "--time", "20")).isZero();
  }

  @Test
  void shouldSayHowManySeedsThereAreOtherwise() {
    assertThat(terminal.run("simulate", "--help")).isZero();
    assertThat(terminal.out().replaceAll("\\s+", " "))
        .contains("Runs, each with a seed of its own, from that of the file on; default 1.");
  }
}
