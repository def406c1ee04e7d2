package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** `rung study preview`, as it is typed. */
class StudyPreviewTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Path EXAMPLES = Path.of("../docs/examples");

  private final Terminal terminal = new Terminal();

  @TempDir Path folder;
  private Path study;

  @BeforeEach
  void write() throws IOException {
    study = folder.resolve("study.yaml");
    set("resource: {unit: epoch, max: 9}", "budget: {trials: 3}", "");
  }

  private void set(String resource, String budget, String algorithm) throws IOException {
    Files.writeString(
        study,
        """
        name: small
        metric: {name: loss, goal: minimize}
        %s
        %s
        algorithm: {halving: asha, search: random%s}
        space: {x: {min: 0.0, max: 1.0}}
        trainer: {kind: none}
        """
            .formatted(resource, budget, algorithm));
  }

  private int preview(String... more) {
    return preview(study, more);
  }

  private int preview(Path file, String... more) {
    List<String> args = new ArrayList<>(List.of("study", "preview", file.toString()));
    args.addAll(List.of(more));
    return terminal.run(args.toArray(String[]::new));
  }

  /** Three trials, an epoch each; the best trains two more. One trainer is paid for 5 minutes. */
  @Test
  void shouldPrintAPreviewForAPerson() {
    int exit = preview("--trainers", "1", "--unit-time", "1m", "--cost-hour", "12");

    assertThat(exit).as(terminal.err()).isZero();
    assertThat(terminal.out())
        .isEqualTo(
            """
            small on 1 trainer, 10 seeds. Losses are made up; counts and times are what Rung does with such losses.

            epoch  TRIALS  TRAINED  TIME  COST  FIRST AT
                1  3       3        3:00  0.60  1:00
                3  1       2        2:00  0.40  5:00
                9  0       0        0:00  0.00  never

            In all 5 epochs of training in 5:00, trainers busy 100 % of the time, cost 1.00 with their idle time.
            Of 3 trials 0 reach the top.
            """);
    assertThat(terminal.err())
        .isEqualTo(
            """
            warning: budget.trials: in 10 of 10 runs no trial reaches the top at 9; give more (9 trials send one there for certain where each rung keeps 1/3), or a smaller resource.max
            """);
  }

  @Test
  void shouldPrintAPreviewForAProgram() throws Exception {
    int exit =
        preview(
            "--trainers",
            "2",
            "--seeds",
            "3",
            "--unit-time",
            "30s",
            "--cost-hour",
            "12",
            "-o",
            "json");

    assertThat(exit).as(terminal.err()).isZero();
    JsonNode json = JSON.readTree(terminal.out());
    assertThat(json.at("/name").asText()).isEqualTo("small");
    assertThat(json.at("/unit").asText()).isEqualTo("epoch");
    assertThat(json.at("/trainers").asInt()).isEqualTo(2);
    assertThat(json.at("/seeds").asInt()).isEqualTo(3);
    assertThat(json.at("/rungs/1/resource").asInt()).isEqualTo(3);
    assertThat(json.at("/rungs/1/trials/median").asDouble()).isEqualTo(1);
    assertThat(json.at("/rungs/1/trained/most").asDouble()).isEqualTo(2);
    assertThat(json.at("/rungs/1/time/least").asDouble()).isEqualTo(1);
    assertThat(json.at("/rungs/1/timeSeconds/median").asDouble()).isEqualTo(30);
    assertThat(json.at("/rungs/1/cost/median").asDouble()).isEqualTo(0.2);
    assertThat(json.at("/rungs/1/first/median").asDouble()).isEqualTo(4);
    assertThat(json.at("/rungs/2").has("first")).isFalse();
    // Two trainers for four units, of which 5 are trained.
    assertThat(json.at("/time/median").asDouble()).isEqualTo(4);
    assertThat(json.at("/timeSeconds/median").asDouble()).isEqualTo(120);
    assertThat(json.at("/cost/median").asDouble()).isEqualTo(0.8);
    assertThat(json.at("/utilisation/median").asDouble()).isEqualTo(0.625);
    assertThat(json.at("/warnings/0/path").asText()).isEqualTo("budget.trials");
    assertThat(json.at("/notes")).isEmpty();
  }

  @Test
  void shouldPreviewAFileThatIsOnlySimulated() throws IOException {
    Files.writeString(
        study, Files.readString(study).replace("space: {x: {min: 0.0, max: 1.0}}\n", ""));

    assertThat(preview("--trainers", "1")).isZero();
    assertThat(terminal.err())
        .startsWith(
            "warning: space: there is none, and no server takes such a study; one parameter stands"
                + " in\n");
  }

  static Stream<Path> examples() throws IOException {
    try (Stream<Path> files = Files.walk(EXAMPLES)) {
      return files.filter(file -> file.toString().endsWith(".yaml")).sorted().toList().stream();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void shouldPreviewEveryExample(Path example) throws Exception {
    assertThat(preview(example, "--seeds", "1", "--trainers", "2", "-o", "json"))
        .as(terminal.err())
        .isZero();
    assertThat(JSON.readTree(terminal.out()).at("/rungs/0/trials/median").asDouble())
        .isGreaterThanOrEqualTo(8);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "external-score.yaml|note: metric: rating comes from outside; here each score is put at"
            + " once. In a real run a trial waits for one at each rung that it comes to",
        "external-searcher.yaml|note: algorithm.search: random search stands in for the program"
            + " outside",
        "tabular.yaml|note: budget.time: say how long a unit of resource takes with --unit-time;"
            + " it is left out, and the study may end sooner",
        "warm-start.yaml|note: budget.target: no made-up loss tells when it is met; it is left"
            + " out, and the study may end sooner",
        "warm-start.yaml|note: warm_start: what study scripted found is not looked at, since only"
            + " a server knows it"
      })
  void shouldSayWhatCannotBeForeseen(String example, String note) {
    assertThat(preview(EXAMPLES.resolve(example), "--seeds", "1", "--trainers", "2")).isZero();
    assertThat(terminal.err()).contains(note + "\n");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max: 82|trials: 300||resource.min: 1 is less than 1/27 of max (82): trials are compared"
            + " after so little training that their order may be chance; begin at 4 or more, or"
            + " take halving: auto, which finds the first rung itself",
        "max: 9|resource: 8||budget.resource: 8 trains no trial to the top, which takes 9; give"
            + " more, or a smaller resource.max",
        "max: 9|resource: 10||budget.resource: in 10 of 10 runs no trial reaches the top at 9;"
            + " give more, or a smaller resource.max",
        "max: 9|trials: 30, parallel: 1||budget.parallel: 1 leaves 1 of 2 trainers idle; raise"
            + " it, or take fewer trainers",
        "max: 9|trials: 9|--trainers 30|--trainers: 30 are busy",
      })
  void shouldWarnOfATrap(String resource, String budget, String options, String warning)
      throws IOException {
    set("resource: {%s}".formatted(resource), "budget: {%s}".formatted(budget), "");
    List<String> args = new ArrayList<>(List.of("--trainers", "2"));
    if (options != null) {
      args = List.of(options.split(" "));
    }

    assertThat(preview(args.toArray(String[]::new))).isZero();
    assertThat(terminal.err()).startsWith("warning: " + warning);
    assertThat(terminal.err().lines()).hasSize(1);
  }

  /** A first rung of exactly max / 27, slots to spare in budget.parallel, brackets as insurance. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "max: 27|trials: 60, parallel: 64|asha",
        "max: 81|resource: 2000|hyperband",
        "max: 81|trials: 60|auto",
        "max: 81|trials: 8|none"
      })
  void shouldWarnOfNothingWhereThereIsNoTrap(String resource, String budget, String halving)
      throws IOException {
    set("resource: {%s}".formatted(resource), "budget: {%s}".formatted(budget), "");
    Files.writeString(
        study, Files.readString(study).replace("halving: asha", "halving: " + halving));

    assertThat(preview("--trainers", "2")).isZero();
    assertThat(terminal.err()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--trainers 0|rung: expected at least one trainer, but came 0.0",
        "--seeds 0|rung: --seeds: expected 1 to 1000, but came 0",
        "--time 0|rung: --time: expected a positive number, but came 0.0",
        "--unit-time 0s|rung: --unit-time: expected more than 0, but came 0h",
        "--cost-hour 3|rung: --cost-hour: expected --unit-time as well, to know how long a trainer"
            + " is needed",
        "--cost-hour -3 --unit-time 1m|rung: --cost-hour: expected a number of at least 0, but came"
            + " -3.0",
      })
  void shouldSayWhichOptionIsWrong(String options, String message) {
    assertThat(preview(options.split(" "))).isEqualTo(2);
    assertThat(terminal.err()).isEqualTo(message + "\n");
  }

  @Test
  void shouldAskForAnEnd() throws IOException {
    set("resource: {max: 9}", "budget: {target: 0.1}", "");

    assertThat(preview()).isEqualTo(2);
    assertThat(terminal.err())
        .isEqualTo(
            """
            note: budget.target: no made-up loss tells when it is met; it is left out, and the study may end sooner
            rung: expected --time, or trials or resource in the study's budget, since nothing else ends the preview
            """);
    assertThat(preview("--time", "50")).isZero();
  }

  @Test
  void shouldShowOnlyRungsThatAreReachedOfALadderWithoutEnd() throws Exception {
    set("resource: {unit: epoch}", "budget: {resource: 100}", "");

    assertThat(preview("--trainers", "2", "-o", "json")).isZero();
    JsonNode rungs = JSON.readTree(terminal.out()).get("rungs");
    assertThat(rungs).hasSizeBetween(3, 5);
    assertThat(rungs.get(rungs.size() - 1).at("/trained/most").asDouble()).isPositive();
  }

  @Test
  void shouldSayWhatIsWrongWithTheFile() throws IOException {
    Files.writeString(study, Files.readString(study).replace("trials", "trails"));

    assertThat(preview()).isEqualTo(2);
    assertThat(terminal.err()).contains("study.yaml:4:10: budget.trails: unknown key");

    assertThat(preview(folder.resolve("none.yaml"))).isEqualTo(2);
    assertThat(terminal.err()).contains("none.yaml: there is no such file");
  }

  @Test
  void shouldSayHowManySeedsThereAreOtherwise() {
    assertThat(terminal.run("study", "preview", "--help")).isZero();
    assertThat(terminal.out().replaceAll("\\s+", " "))
        .contains("Runs, each with a seed of its own, from that of the file on; default 10.");
  }
}
