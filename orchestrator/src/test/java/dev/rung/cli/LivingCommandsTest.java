package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.api.Samples;
import dev.rung.api.TestServer;
import dev.rung.fleet.Prospect;
import dev.rung.storage.ReadSide.TrialRow;
import dev.rung.study.ErrorCode;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyReply;
import dev.rung.study.StudyStatus;
import dev.rung.study.StudySummary;
import dev.rung.study.StudySummary.Leader;
import dev.rung.study.StudySummary.RungSummary;
import dev.rung.study.StudyView.Best;
import dev.rung.study.TrialStatus;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands that change studies and score trials, and what they show of it. */
class LivingCommandsTest {
  /** As {@link Samples#PLAN} says it. */
  private static final String FILE =
      """
      name: digits
      metric: {name: val_accuracy, goal: maximize}
      resource: {unit: epoch, max: 9}
      budget: {trials: 4}
      algorithm: {halving: asha, search: random, seed: 7}
      space:
        learning_rate: {min: 1.0e-4, max: 1.0, log: true}
        hidden: {min: 16, max: 256, step: 16}
        activation: {values: [relu, tanh]}
      trainer: {kind: dl4j-image}
      """;

  @TempDir Path folder;
  private final Terminal terminal = new Terminal();
  private TestServer server;

  @BeforeEach
  void start() {
    server = TestServer.onLoopback(folder);
    terminal.environment.put("RUNG_SERVER", server.address());
    show(Samples.summary(StudyStatus.RUNNING, ""));
    server.reads.sources.put(Samples.ID, FILE);
    server.reads.trials.addAll(List.of(Samples.failed(), Samples.best(null)));
  }

  @AfterEach
  void stop() {
    server.close();
  }

  private void show(StudySummary study) {
    server.reads.studies.clear();
    server.reads.studies.add(Samples.row(study));
    server.studies.show(Samples.ID, study);
    server.studies.answer = id -> study;
  }

  @Test
  void shouldPutAMetric() {
    assertThat(
            terminal.run(
                "metric", "put", "digits", "2", "rating", "-4.5", "--rung", "9", "--replace"))
        .isZero();

    assertThat(server.studies.sent)
        .containsExactly(new StudyCommand.PutMetric(2, "rating", -4.5, OptionalLong.of(9), true));
    assertThat(terminal.out())
        .isEqualTo("trial 2  completed: reached the top rung 9 with 0.9722, rank 1 of 1\n");
    assertThat(terminal.run("metric", "put", "digits", "2", "rating", "1", "-o", "json")).isZero();
    assertThat(terminal.out()).startsWith("{\"trial\":2,\"state\":\"completed\"");
  }

  @ParameterizedTest
  @CsvSource({"INVALID,2", "NOT_FOUND,3", "CONFLICT,5"})
  void shouldExitWithTheCodeOfARefusal(ErrorCode code, int exit) {
    server.studies.reply = (study, command) -> new StudyReply.Rejected(code, "because");

    assertThat(terminal.run("metric", "put", "digits", "2", "rating", "1")).isEqualTo(exit);
    assertThat(terminal.err()).contains("rung: because");
    assertThat(terminal.run("study", "set", "digits", "priority=3")).isEqualTo(exit);
  }

  @Test
  void shouldRefuseAScoreThatIsNoNumber() {
    assertThat(terminal.run("metric", "put", "digits", "2", "rating", "good")).isEqualTo(2);
    assertThat(terminal.run("metric", "put", "digits", "0", "rating", "1")).isEqualTo(2);
    assertThat(terminal.run("metric", "put", "digits", "2", "rating", "NaN")).isEqualTo(2);
    assertThat(server.studies.sent).isEmpty();
  }

  @Test
  void shouldSetAStudy() throws IOException {
    Path space =
        Files.writeString(
            folder.resolve("space.yaml"),
            FILE.substring(FILE.indexOf("space:"), FILE.indexOf("trainer:"))
                .replace("max: 256", "max: 64"));

    assertThat(
            terminal.run(
                "study",
                "set",
                "digits",
                "budget.trials=9",
                "priority=3",
                "--space",
                space.toString(),
                "--drop-outside"))
        .isZero();

    StudyCommand.Change change = (StudyCommand.Change) server.studies.sent.get(0);
    assertThat(change.plan().budget().trials()).hasValue(9);
    assertThat(change.plan().priority()).hasValue(3);
    assertThat(change.plan().space()).isNotEqualTo(Samples.PLAN.space());
    assertThat(change.plan().trainer()).isEqualTo(Samples.PLAN.trainer());
    assertThat(change.before()).hasValue(Samples.PLAN);
    assertThat(change.dropOutside()).isTrue();
    assertThat(change.source().orElseThrow()).contains("trials: 9", "max: 64", "priority: 3");
  }

  @Test
  void shouldTellEveryWrongSettingAtOnce() {
    assertThat(terminal.run("study", "set", "digits", "budget.trials=0", "priority=x"))
        .isEqualTo(2);

    assertThat(terminal.err())
        .contains("budget.trials: expected a whole number from 1 to 1000000, but came 0")
        .contains("priority: expected a whole number");
    assertThat(server.studies.sent).isEmpty();
  }

  @Test
  void shouldCreateAStudyFromAnother() {
    assertThat(terminal.run("study", "create", "--from", "digits", "name=other", "budget.trials=7"))
        .isZero();

    StudyCommand.Create create = (StudyCommand.Create) server.studies.sent.get(0);
    assertThat(create.plan().name()).isEqualTo("other");
    assertThat(create.plan().budget().trials()).hasValue(7);
    assertThat(create.plan().space()).isEqualTo(Samples.PLAN.space());
    assertThat(terminal.out()).contains("Other than in digits: name, budget.trials.");
  }

  @Test
  void shouldWantAFileUnlessThereIsAStudyToBeginWith() {
    assertThat(terminal.run("study", "create")).isEqualTo(2);
    assertThat(terminal.err()).contains("FILE: expected one study file, but came 0");
    assertThat(terminal.run("study", "create", "a.yaml", "b.yaml")).isEqualTo(2);
  }

  @Test
  void shouldBeginWithTheBestOfAnEarlierStudyAndSayWhatItTook() {
    assertThat(
            terminal.run(
                "study", "create", "--from", "digits", "warm_start={study: digits, trials: 1}"))
        .isZero();

    StudyCommand.Create create = (StudyCommand.Create) server.studies.sent.get(0);
    assertThat(create.plan().first()).containsExactly(Samples.ASSIGNMENT);
    assertThat(terminal.err())
        .contains("note: warm_start: 1 of the best assignments of digits go first");
  }

  @Test
  void shouldShowTheFrontTheBracketsTheLadderAndWhoWaits() {
    StudySummary s = Samples.summary(StudyStatus.RUNNING, "");
    Best point = new Best(2, 9, Map.of("val_accuracy", 0.9722));
    show(
        new StudySummary(
            s.id(),
            s.plan(),
            s.status(),
            "",
            s.created(),
            s.updated(),
            Map.of(TrialStatus.AWAITING_METRIC, 2),
            List.of(
                new RungSummary(1, 4, 1, Optional.empty(), Optional.of("the ladder as written")),
                new RungSummary(3, 1, 0, Optional.of(1), Optional.of("the ladder as written"))),
            point,
            Samples.ASSIGNMENT,
            12,
            36,
            0,
            42,
            Optional.of(List.of(new Leader(point, Samples.ASSIGNMENT))),
            OptionalDouble.of(1.5),
            Optional.of("budget.trials from 2 to 4"),
            OptionalDouble.of(12.5),
            OptionalLong.of(72)));
    // 72 epochs at one in five seconds.
    server.fleet.prospect =
        new Prospect(Optional.of("needs a slot of a node with gpu=a100"), OptionalDouble.of(0.2));

    assertThat(terminal.run("study", "show", "digits")).isZero();
    assertThat(terminal.out())
        .contains(
            """
            waits     needs a slot of a node with gpu=a100
            left      about 6:00
            changed   budget.trials from 2 to 4
            2 trials wait for a score: rung metric put digits TRIAL NAME VALUE
            """)
        .contains(
            """
            The front, which no other trial dominates:
            TRIAL  epoch  val_accuracy  ASSIGNMENT
                2      9        0.9722  learning_rate=0.01235 hidden=64 activation=relu
            """)
        .contains(
            """
            bracket  epoch  entered  promoted
                  1      1        4         1
                  2      3        1         0
            The ladder: the ladder as written
            """)
        .contains("Its slots have cost 12.5 so far.\n");
    assertThat(terminal.run("study", "show", "digits", "-o", "json")).isZero();
    assertThat(terminal.out())
        .contains("\"front\":[{\"trial\":2,\"step\":9,")
        .contains(
            "\"cost\":1.5,\"money\":12.5,\"waitsFor\":\"needs a slot of a node with gpu=a100\"")
        .contains("\"secondsLeft\":360.0,\"change\":\"budget.trials from 2 to 4\"}")
        .contains("{\"resource\":3,\"entered\":1,\"promoted\":0,\"bracket\":1,\"reason\":");
  }

  @Test
  void shouldShowOfWhichTrialAnotherIsACopy() {
    TrialRow best = Samples.best(null);
    server.reads.trials.add(
        new TrialRow(3, "RUNNING", "", best.assignment(), 9, 0.5, null, List.of(), 2));

    assertThat(terminal.run("trial", "list", "digits")).isZero();
    assertThat(terminal.out())
        .contains("TRIAL  COPY OF  STATE ")
        .contains("    2        -  completed")
        .contains("    3        2  running");
    assertThat(terminal.run("trial", "show", "digits", "3")).isZero();
    assertThat(terminal.out()).contains("a changed copy of trial 2\n");
    assertThat(terminal.run("trial", "show", "digits", "3", "-o", "json")).isZero();
    assertThat(terminal.out()).contains("\"parent\":2");
  }

  @Test
  void shouldSayThatItCannotCheckAnEarlierStudyWithoutAServer() throws IOException {
    Path file = Files.writeString(folder.resolve("a.yaml"), FILE + "warm_start: {study: other}\n");

    assertThat(terminal.run("study", "validate", file.toString())).isZero();

    assertThat(terminal.err())
        .contains("note: warm_start: whether there is a study other to begin with is checked by");
  }
}
