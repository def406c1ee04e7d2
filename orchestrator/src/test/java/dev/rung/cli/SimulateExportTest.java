package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rung.simulate.RecordedStudy;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** `rung simulate --table` with the export of a study, as it is typed. */
class SimulateExportTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Of three trials with losses 1, 2 and 3 the first trains to 3 epochs, the others to 1. */
  private static final String EXPORT =
      RecordedStudy.export(
          RecordedStudy.of(
              RecordedStudy.file(
                  """
                  resource: {unit: epoch, max: 9}
                  budget: {trials: 3}
                  algorithm: {search: random, halving: asha, eta: 3}
                  """),
              1,
              (trial, step) -> trial));

  /** What the study file says where a test says nothing else. */
  private static final String STUDY =
      """
      name: simulated
      metric: {name: loss, goal: minimize}
      resource: {unit: epoch, max: 3}
      budget: {trials: 3}
      algorithm: {halving: none, search: random, seed: 5}
      trainer: {kind: none}
      """;

  private final Terminal terminal = new Terminal();

  @TempDir Path folder;
  private Path study;
  private Path export;

  @BeforeEach
  void write() throws IOException {
    study = Files.writeString(folder.resolve("study.yaml"), STUDY);
    export = Files.writeString(folder.resolve("export.jsonl"), EXPORT);
  }

  private int simulate(String... more) {
    List<String> args =
        new ArrayList<>(
            List.of("simulate", "--study", study.toString(), "--table", export.toString()));
    args.addAll(List.of(more));
    return terminal.run(args.toArray(String[]::new));
  }

  private JsonNode run(String... more) throws IOException {
    List<String> args = new ArrayList<>(List.of("-o", "json"));
    args.addAll(List.of(more));
    assertThat(simulate(args.toArray(String[]::new))).as(terminal.err()).isZero();
    return JSON.readTree(terminal.out()).at("/runs/0");
  }

  /** All three head for 3 epochs; nobody knows what is past the first of trials 2 and 3. */
  @Test
  void shouldInventNothingPastTheEndOfACurve() throws Exception {
    JsonNode run = run("--trainers", "1");

    assertThat(run.at("/state").asText()).isEqualTo("ended");
    assertThat(run.at("/started").asInt()).isEqualTo(3);
    assertThat(run.at("/completed").asInt()).isEqualTo(1);
    assertThat(run.at("/resource").asInt()).isEqualTo(3 + 1 + 1);
    assertThat(run.at("/time").asDouble()).isEqualTo(3 + 1 + 1);
    assertThat(run.at("/points").asInt()).isEqualTo(5);
    assertThat(run.at("/trajectory").get(run.at("/trajectory").size() - 1).get(1).asDouble())
        .isEqualTo(1);
    assertThat(run.at("/unknown"))
        .extracting(
            unknown -> unknown.get("trial").asInt(),
            unknown -> unknown.get("milestone").asInt(),
            unknown -> unknown.get("end").asInt())
        .containsExactlyInAnyOrder(tuple(2, 3, 1), tuple(3, 3, 1));
  }

  @Test
  void shouldSayHowManyTrialsAreUnknown() {
    assertThat(simulate("--seeds", "2")).isZero();
    assertThat(terminal.out())
        .contains(
            "\n\nWhat would have come of 4 of 6 trials is unknown: they were to train past the end"
                + " of their recorded curves.\n\n");
  }

  /** As it was recorded: of three at the first rung one goes on. */
  @Test
  void shouldKnowAllWhereTheStudyIsAsItWas() throws Exception {
    Files.writeString(study, STUDY.replace("halving: none", "halving: asha, eta: 3"));

    JsonNode run = run("--seeds", "1");

    assertThat(run.at("/unknown").isArray()).isTrue();
    assertThat(run.at("/unknown")).isEmpty();
    assertThat(run.at("/rungs/0/entered").asInt()).isEqualTo(3);
    assertThat(simulate()).isZero();
    assertThat(terminal.out()).doesNotContain("unknown");
  }

  @Test
  void shouldReadAPackedExport() throws Exception {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(export))) {
      out.write(EXPORT.getBytes(StandardCharsets.UTF_8));
    }

    assertThat(run().at("/started").asInt()).isEqualTo(3);
    assertThat(terminal.run("study", "replay", "--from-file", export.toString())).isZero();
  }

  @Test
  void shouldSearchTheSpaceOfTheStudyFileWhereItHoldsAllTrials() throws Exception {
    Files.writeString(study, STUDY + "space: {x: {min: -1.0, max: 2.0}}\n");
    assertThat(run().at("/started").asInt()).isEqualTo(3);

    Files.writeString(study, STUDY + "space: {x: {min: 7.0, max: 8.0}}\n");
    assertThat(simulate()).isEqualTo(2);
    assertThat(terminal.err())
        .startsWith(
            "rung: %s: space: expected all of the recorded trials, but trial 1 is outside: "
                .formatted(study));

    Files.writeString(study, STUDY + "space: {y: {min: 0.0, max: 1.0}}\n");
    assertThat(simulate()).isEqualTo(2);
    assertThat(terminal.err())
        .isEqualTo(
            ("rung: %s: space: expected all of the recorded trials, but trial 1 is outside:"
                    + " expected parameters of [y], but came [x]\n")
                .formatted(study));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "name: loss|name: valid_loss|metric: expected one of the table, which has [loss], but came"
            + " valid_loss",
        "resource:|constraints: [{metric: memory, max: 3}]~resource:|metric: expected one of the"
            + " table, which has [loss], but came memory",
        "max: 3|max: 4|resource.max: expected at most 3, where the curves end, but came 4"
      })
  void shouldSayWhatTheExportDoesNotHave(String old, String other, String message)
      throws Exception {
    Files.writeString(study, STUDY.replace(old, other.replace('~', '\n')));

    assertThat(simulate()).isEqualTo(2);
    assertThat(terminal.err()).isEqualTo("rung: %s: %s\n".formatted(study, message));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "\"version\":1,\"study\"|\"version\":2,\"study\"|expected format rung-study in version 1,"
            + " but came rung-study in version 2",
        "\"values\":[1.0|\"values\":[\"one\"|line 11: expected a StudyEvent, but: ",
      })
  void shouldSayWhereAnExportIsBroken(String old, String other, String message) throws Exception {
    assertThat(EXPORT).contains(old);
    Files.writeString(export, EXPORT.replaceFirst(Pattern.quote(old), other));

    assertThat(simulate()).isEqualTo(2);
    assertThat(terminal.err()).startsWith("rung: %s: %s".formatted(export, message));
  }

  @Test
  void shouldRefuseAnExportThatIsCutShortOrIsNotThere() throws Exception {
    Files.writeString(export, EXPORT.substring(0, EXPORT.lastIndexOf('\n', EXPORT.length() - 2)));
    long events = EXPORT.lines().count() - 1;
    assertThat(simulate()).isEqualTo(2);
    assertThat(terminal.err())
        .isEqualTo(
            "rung: %s: expected %d events, but came %d\n".formatted(export, events, events - 1));

    Files.delete(export);
    assertThat(simulate()).isEqualTo(2);
    assertThat(terminal.err()).isEqualTo("rung: %s: there is no such file\n".formatted(export));
  }
}
