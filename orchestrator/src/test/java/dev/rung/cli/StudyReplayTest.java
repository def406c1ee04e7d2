package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.rung.api.Samples;
import dev.rung.api.TestServer;
import dev.rung.simulate.RecordedStudy;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyStatus;
import dev.rung.study.StudySummary;
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

/** `rung study replay`, as it is typed. */
class StudyReplayTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** Trial 2 begins badly and ends best. Without halving everything is known of all three. */
  private static final List<StudyEvent> EVENTS =
      RecordedStudy.of(
          RecordedStudy.file(
              """
              resource: {unit: epoch, max: 9}
              budget: {trials: 3}
              algorithm: {search: random, halving: none}
              """),
          1,
          (trial, step) -> trial == 2 ? 2 - 0.2 * step : trial);

  private final Terminal terminal = new Terminal();

  @TempDir Path folder;
  private Path export;

  @BeforeEach
  void write() throws IOException {
    export = folder.resolve("recorded.jsonl");
    write(EVENTS);
  }

  private void write(List<StudyEvent> events) throws IOException {
    Files.writeString(export, RecordedStudy.export(events));
  }

  private int replay(String... more) {
    List<String> args =
        new ArrayList<>(List.of("study", "replay", "--from-file", export.toString()));
    args.addAll(List.of(more));
    return terminal.run(args.toArray(String[]::new));
  }

  /** With asha trial 1 goes on to 3 epochs: five in all, two seconds each. */
  @Test
  void shouldPrintAReplayForAPerson() {
    int exit = replay("--set", "algorithm.halving=asha", "--set", "algorithm.eta=3");

    assertThat(exit).as(terminal.err()).isZero();
    assertThat(terminal.out())
        .isEqualTo(
            """
            recorded as it was recorded, and replayed with algorithm.halving=asha, algorithm.eta=3 on 1 trainer

                                RECORDED         REPLAYED
            best loss  0.2, trial 2 at 9  1, trial 1 at 1
            trials                     3                3
            epochs                    27                5
            points                    27                5
            time                    0:54             0:10

            epoch  RECORDED  REPLAYED
                1         -         3
                3         -         1
                9         3         0

            No training left its recorded curve.
            1 trial left too soon, as their recorded curves show:
              trial 2 was left at 1, and comes to 0.2 at 9
            """);
    assertThat(terminal.err()).isEmpty();
  }

  @Test
  void shouldPrintAReplayForAProgram() throws Exception {
    int exit =
        replay(
            "--set",
            "resource.max=27",
            "--set",
            "budget.trials=2",
            "--trainers",
            "2",
            "-o",
            "json");

    assertThat(exit).as(terminal.err()).isZero();
    JsonNode json = JSON.readTree(terminal.out());
    assertThat(json.at("/name").asText()).isEqualTo("recorded");
    assertThat(json.at("/settings/1").asText()).isEqualTo("budget.trials=2");
    assertThat(json.at("/trainers").asInt()).isEqualTo(2);
    assertThat(json.at("/timeUnit").asText()).isEqualTo("second");
    assertThat(json.at("/recorded/best/trial").asInt()).isEqualTo(2);
    assertThat(json.at("/recorded/rungs/0/entered").asInt()).isEqualTo(3);
    assertThat(json.at("/recorded/time").asDouble()).isEqualTo(54);
    assertThat(json.at("/replayed/trials").asInt()).isEqualTo(2);
    assertThat(json.at("/replayed/resource").asInt()).isEqualTo(18);
    assertThat(json.at("/replayed/points").asInt()).isEqualTo(18);
    assertThat(json.at("/replayed/time").asDouble()).isEqualTo(18);
    assertThat(json.at("/replayed/rungs/0/resource").asInt()).isEqualTo(27);
    assertThat(json.at("/replayed/rungs/0/entered").asInt()).isZero();
    assertThat(json.at("/unknown")).hasSize(2);
    assertThat(json.at("/unknown/1/trial").asInt()).isEqualTo(2);
    assertThat(json.at("/unknown/1/milestone").asInt()).isEqualTo(27);
    assertThat(json.at("/unknown/1/end").asInt()).isEqualTo(9);
    assertThat(json.at("/wrongStops")).isEmpty();
  }

  @Test
  void shouldSayWhereATrainingLeftItsCurve() {
    assertThat(replay("--set", "resource.max=27")).isZero();
    assertThat(terminal.out())
        .contains(
            """
            What would have come of 3 trials is unknown:
              trial 1 would have trained to 27, its curve ends at 9
            """);
  }

  @Test
  void shouldReplayAStudyOfAServer() throws Exception {
    try (TestServer server = TestServer.onLoopback(folder)) {
      terminal.environment.put("RUNG_SERVER", server.address());
      server.reads.studies.add(Samples.row(summary()));
      server.history.events.addAll(EVENTS);

      assertThat(terminal.run("study", "replay", "digits")).as(terminal.err()).isZero();
      assertThat(terminal.out())
          .contains("recorded as it was recorded, and replayed as it was on 1 trainer")
          .contains("epochs                    27                 27");
      assertThat(terminal.run("study", "replay", "nothing")).isEqualTo(3);
      assertThat(terminal.err()).contains("nothing");
    }
  }

  @Test
  void shouldSayWhichEventOfAServerContradictsThoseBefore() throws Exception {
    try (TestServer server = TestServer.onLoopback(folder)) {
      terminal.environment.put("RUNG_SERVER", server.address());
      server.reads.studies.add(Samples.row(summary()));
      server.history.events.addAll(EVENTS.subList(0, 2));
      server.history.events.add(EVENTS.get(1));

      assertThat(terminal.run("study", "replay", "digits")).isEqualTo(1);
      assertThat(terminal.err())
          .isEqualTo(
              "rung: the server's export of digits cannot be read: event 3: ladder-set: expected"
                  + " number 3, but came 2\n");
    }
  }

  private static StudySummary summary() {
    return Samples.summary(StudyStatus.ENDED, "");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--set algorithm.etta=4|algorithm.etta: unknown key; did you mean algorithm.eta?",
        "--set algoritm.eta=4|algoritm.eta: unknown key; did you mean algorithm.eta?",
        "--set metric.goal=maximize|metric.goal: expected a key of algorithm, budget, resource; all"
            + " else is as it was recorded",
        "--set space.x=3|space.x: expected a key of algorithm, budget, resource; all else is as it"
            + " was recorded",
        "--set eta|expected KEY=VALUE, such as budget.trials=90, but came \"eta\"",
        "--set algorithm.eta=x|algorithm.eta: expected a whole number from 2 to 1000, but came the"
            + " text \"x\"",
        "--set algorithm.eta=1 --set budget.trials=0|algorithm.eta: expected a whole number from 2"
            + " to 1000, but came 1",
        "--set algorithm.halving=population|algorithm.halving: expected a rule that leaves",
        "--trainers 0|--trainers: expected 1 to 100000, but came 0",
        "digits|expected one of STUDY and --from-file"
      })
  void shouldSayWhichOptionIsWrong(String options, String message) {
    assertThat(replay(options.split(" "))).isEqualTo(2);
    assertThat(terminal.err()).contains(message);
    assertThat(terminal.out()).isEmpty();
  }

  @Test
  void shouldAskForAStudy() {
    assertThat(terminal.run("study", "replay")).isEqualTo(2);
    assertThat(terminal.err()).isEqualTo("rung: expected one of STUDY and --from-file\n");
  }

  @Test
  void shouldRefuseAnExportThatIsCutShort() throws IOException {
    List<String> lines = Files.readAllLines(export);
    Files.write(export, lines.subList(0, lines.size() - 1));

    assertThat(replay()).isEqualTo(2);
    assertThat(terminal.err())
        .isEqualTo(
            "rung: %s: expected %d events, but came %d\n"
                .formatted(export, EVENTS.size(), EVENTS.size() - 1));

    Files.writeString(export, "name: digits\n");
    assertThat(replay()).isEqualTo(2);
    assertThat(terminal.err()).startsWith("rung: %s: line 1: expected a Header".formatted(export));

    Files.delete(export);
    assertThat(replay()).isEqualTo(2);
    assertThat(terminal.err()).isEqualTo("rung: %s: there is no such file\n".formatted(export));
  }

  @Test
  void shouldRefuseAHistoryWithoutPoints() throws IOException {
    write(EVENTS.subList(0, 2));

    assertThat(replay()).isEqualTo(2);
    assertThat(terminal.err())
        .isEqualTo(
            "rung: %s: expected points that trials can be judged by, but the recording has none\n"
                .formatted(export));
  }
}
