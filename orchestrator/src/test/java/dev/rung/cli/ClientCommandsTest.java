package dev.rung.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.api.Samples;
import dev.rung.api.TestServer;
import dev.rung.fleet.GpuReading;
import dev.rung.fleet.NodeInfo;
import dev.rung.fleet.SlotCount;
import dev.rung.study.Entry;
import dev.rung.study.ErrorCode;
import dev.rung.study.StudyReply;
import dev.rung.study.StudyStatus;
import dev.rung.study.StudySummary;
import dev.rung.study.Trouble;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientCommandsTest {
  private static final String CHECKPOINT = "0123456789".repeat(10_000);

  private static final String PLACE = "study-1/2/1/9.ckpt";

  @TempDir Path folder;
  private final Terminal terminal = new Terminal();
  private TestServer server;

  @BeforeEach
  void start() throws IOException, GeneralSecurityException {
    Path root = Files.createDirectories(folder.resolve("checkpoints"));
    Path file = root.resolve(PLACE);
    Files.createDirectories(file.getParent());
    Files.writeString(file, CHECKPOINT);
    server = TestServer.onLoopback(root);
    terminal.environment.put("RUNG_SERVER", server.address());
    server.reads.studies.add(
        Samples.row(Samples.summary(StudyStatus.ENDED, "every trial of the budget has run")));
    byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
    Entry.Checkpoint checkpoint =
        new Entry.Checkpoint(
            9, file.toUri().toString(), CHECKPOINT.length(), HexFormat.of().formatHex(digest));
    server.reads.trials.addAll(List.of(Samples.failed(), Samples.best(checkpoint)));
    server.reads.verdicts.addAll(Samples.verdicts());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void shouldShowAStudy() {
    assertThat(terminal.run("study", "show", "digits")).isZero();

    assertThat(terminal.out())
        .isEqualTo(
            """
            digits  ended: every trial of the budget has run
            id        aaaabbbbccccddddeeeeffff22
            created   2026-01-01T12:00:00Z, took 1:30
            trials    4 of 4: 1 completed, 2 stopped, 1 failed
            trainer   dl4j-image

            Best: val_accuracy 0.9722, trial 2 at epoch 9
              learning_rate  0.01235
              hidden         64
              activation     relu

            epoch  entered  promoted
                1        4         1
                3        1         1
                9        1         0

            Used 12 epochs; training all trials to the top takes 36 (67 % saved).
            1 trial went on at another node than it began on.
            """);
  }

  @Test
  void shouldShowAStudyAsJson() {
    assertThat(terminal.run("study", "show", "digits", "-o", "json")).isZero();

    assertThat(terminal.out())
        .isEqualTo(
            """
            {"study":"aaaabbbbccccddddeeeeffff22","name":"digits","state":"ended",\
            "reason":"every trial of the budget has run","created":"2026-01-01T12:00:00Z",\
            "seconds":90.0,"objectives":["val_accuracy"],"unit":"epoch","trainer":"dl4j-image",\
            "trialBudget":4,"trials":{"completed":1,"stopped":2,"failed":1},\
            "rungs":[{"resource":1,"entered":4,"promoted":1},\
            {"resource":3,"entered":1,"promoted":1},{"resource":9,"entered":1,"promoted":0}],\
            "best":{"trial":2,"step":9,"metrics":{"val_accuracy":0.9722},\
            "assignment":{"learning_rate":0.0123456789,"hidden":64,"activation":"relu"}},\
            "resourceUsed":12,"resourceFull":36,"movedTrials":1,"event":42}
            """);
  }

  @Test
  void shouldListStudiesWhereNoVerbIsTyped() {
    server.reads.studies.add(Samples.row(Samples.fresh()));
    assertThat(terminal.run("study")).isZero();

    assertThat(terminal.out())
        .isEqualTo(
            """
            ID        NAME    STATE    TRIALS  BEST                 CREATED
            aaaabbbb  digits  ended         4  val_accuracy 0.9722  2026-01-01T12:00:00Z
            aaaabbbb  digits  running       -  -                    2026-01-01T12:00:00Z
            """);
    assertThat(terminal.run("study", "--limit", "1")).isZero();
    assertThat(terminal.out()).endsWith("... and 1 more; see --limit\n");
  }

  @Test
  void shouldListTrialsWithNothingThatSteersATerminal() {
    assertThat(terminal.run("trial", "list", "digits")).isZero();

    assertThat(terminal.out())
        .isEqualTo(
            """
            TRIAL  STATE      STEP    BEST  NODES                 ASSIGNMENT
                1  failed        0       -  trainer-1             learning_rate=0.01235 hidden=64 activation=relu
                2  completed     9  0.9722  trainer-1, trainer-2  learning_rate=0.01235 hidden=64 activation=relu
            """);
    assertThat(terminal.run("trial", "show", "digits", "1")).isZero();
    assertThat(terminal.out())
        .startsWith("trial 1  failed: USER_ERROR: out of \\u001b[31mcheese\n")
        .doesNotContain("\u001b");
  }

  @Test
  void shouldShowATrialWithItsAttempts() {
    assertThat(terminal.run("trial", "show", "digits", "2")).isZero();

    assertThat(terminal.out())
        .isEqualTo(
            """
            trial 2  completed: reached the top rung 9 with 0.9722, rank 1 of 1
            best 0.9722, step 9
              learning_rate  0.01235
              hidden         64
              activation     relu
            checkpoint at step 9, 100,000 bytes

            ATTEMPT  NODE       FROM STEP  LEASED                ENDED
                  1  trainer-1          0  2026-01-01T12:00:01Z  2026-01-01T12:00:20Z lost: gone
                  2  trainer-2          1  2026-01-01T12:00:21Z  2026-01-01T12:01:20Z completed
            """);
  }

  @Test
  void shouldShowATrialAsJson() {
    assertThat(terminal.run("trial", "show", "digits", "1", "-o", "json")).isZero();

    assertThat(terminal.out())
        .isEqualTo(
            """
            {"trial":1,"state":"failed","reason":"USER_ERROR: out of \\u001B[31mcheese","step":0,\
            "best":null,"assignment":{"learning_rate":0.0123456789,"hidden":64,\
            "activation":"relu"},"checkpoint":null,"attempts":[{"attempt":1,"node":"trainer-1",\
            "leased":"2026-01-01T12:00:01Z","ended":"2026-01-01T12:00:02Z","cause":"user_error",\
            "message":"no","startStep":0}]}
            """);
  }

  @Test
  void shouldTellWhyOfTheBestTrial() {
    assertThat(terminal.run("trial", "why", "digits")).isZero();

    assertThat(terminal.out())
        .isEqualTo(
            """
            trial 2  completed: reached the top rung 9 with 0.9722, rank 1 of 1

            EVENT  TIME                      ATTEMPT  VERDICT  RULE  WHY
               11  2026-01-01T12:00:20Z            1  pause    asha  paused: value 0.91 at rung 1 ranks 2 of 2; none may go on yet
               12  2026-01-01T12:00:20.500Z        1  lost     -     LOST: gone
            """);
    assertThat(terminal.run("trial", "why", "digits", "2", "-o", "json")).isZero();
    assertThat(terminal.out())
        .contains(
            "\"verdicts\":[{\"event\":11,\"time\":\"2026-01-01T12:00:20Z\",\"attempt\":1,"
                + "\"verdict\":\"pause\",\"rule\":\"asha\",\"rung\":1,\"value\":0.91,\"rank\":1,"
                + "\"n\":2,\"cutoff\":0,\"text\":")
        .contains("\"verdict\":\"lost\",\"rule\":null,\"rung\":null,\"value\":null,\"rank\":null");
  }

  @Test
  void shouldFetchTheCheckpointOfTheBestTrial() throws IOException {
    Path to = folder.resolve("models");

    assertThat(terminal.run("trial", "checkpoint", "digits", "best", "--to", to.toString()))
        .isZero();

    Path file = to.resolve("digits-trial-2-step-9.ckpt");
    assertThat(terminal.out()).isEqualTo(file + "\n");
    assertThat(file).hasContent(CHECKPOINT);
    assertThat(listed(to)).containsExactly(file);
  }

  @Test
  void shouldLeaveNothingBehindWhenACheckpointIsDamaged() throws IOException {
    Files.writeString(folder.resolve("checkpoints").resolve(PLACE), CHECKPOINT.replace('7', '8'));
    Path to = folder.resolve("models");

    assertThat(terminal.run("trial", "checkpoint", "digits", "--to", to.toString())).isEqualTo(1);

    assertThat(terminal.err())
        .isEqualTo("rung: the checkpoint's content differs from its digest\n");
    assertThat(listed(to)).isEmpty();
  }

  @Test
  void shouldPrintTheHistoryOfAStudy() {
    server.history.events.addAll(Samples.history());

    assertThat(terminal.run("study", "export", "digits")).isZero();

    assertThat(terminal.out())
        .hasLineCount(3)
        .startsWith("{\"format\":\"rung-study\",\"version\":1,\"study\":\"" + Samples.ID + "\",")
        .endsWith("\"reason\":\"a \\u001B[31mred \\u2028 reason\"}\n");
  }

  @Test
  void shouldExportToAFileThatIsNotThere() throws IOException {
    server.history.events.addAll(Samples.history());
    terminal.run("study", "export", "digits");
    String lines = terminal.out();
    Path exports = Files.createDirectories(folder.resolve("exports"));
    Path to = exports.resolve("digits.jsonl");

    assertThat(terminal.run("study", "export", "digits", "--to", to.toString())).isZero();

    assertThat(terminal.out()).isEqualTo(to + "\n");
    assertThat(to).hasContent(lines);
    assertThat(listed(exports)).containsExactly(to);
  }

  @Test
  void shouldExportOverNoFile() throws IOException {
    server.history.events.addAll(Samples.history());
    Path to = Files.writeString(folder.resolve("digits.jsonl"), "mine");

    assertThat(terminal.run("study", "export", "digits", "--to", to.toString())).isEqualTo(5);

    assertThat(terminal.err())
        .isEqualTo(
            "rung: --to: expected a file that does not exist, but %s does; nothing was written\n"
                .formatted(to));
    assertThat(to).hasContent("mine");
  }

  @Test
  void shouldLeaveNothingBehindWhenAnExportFails() throws IOException {
    Path exports = Files.createDirectories(folder.resolve("exports"));
    Path to = exports.resolve("digits.jsonl");

    assertThat(terminal.run("study", "export", "digits", "--to", to.toString())).isEqualTo(1);

    assertThat(terminal.err())
        .isEqualTo("rung: the server cannot read what it stored; its log says more\n");
    assertThat(listed(exports)).isEmpty();
  }

  @Test
  void shouldListTheFleet() {
    server.nodes.add(
        new NodeInfo(
            "trainer-1",
            2,
            1,
            List.of("a", "b"),
            "a100",
            Map.of("memory_gb", "40", "gpu", "a100"),
            1.25,
            true,
            77,
            "test 1",
            List.of(
                new GpuReading(
                    0,
                    "NVIDIA A100",
                    OptionalLong.of(31L << 30),
                    OptionalLong.of(40L << 30),
                    OptionalInt.of(90),
                    OptionalInt.of(64)),
                new GpuReading(
                    1,
                    "NVIDIA A100",
                    OptionalLong.of(0),
                    OptionalLong.of(40L << 30),
                    OptionalInt.of(1),
                    OptionalInt.empty()))));
    server.fleet.speeds.put("trainer-1", 1.304);

    assertThat(terminal.run("fleet")).isZero();
    assertThat(terminal.out())
        .isEqualTo(
            """
            NODE       POOL  SLOTS       BUSY  KINDS  LABELS                 GPUS                   PRICE  SPEED  PID  SOFTWARE
            trainer-1  a100      2  1, drains  a, b   gpu=a100 memory_gb=40  2, 46 %, 31 of 80 GiB   1.25   1.30   77  test 1
            """);

    assertThat(terminal.run("fleet", "list", "-o", "JSON")).isZero();
    assertThat(terminal.out())
        .isEqualTo(
            """
            [{"node":"trainer-1","pool":"a100","slots":2,"busy":1,"kinds":["a","b"],"labels":{"gpu":"a100","memory_gb":"40"},"slot_hour_price":1.25,"draining":true,"speed":1.304,"pid":77,"software":"test 1","gpus":[{"index":0,"name":"NVIDIA A100","memory_used":33285996544,"memory_total":42949672960,"utilization":90,"temperature":64},{"index":1,"name":"NVIDIA A100","memory_used":0,"memory_total":42949672960,"utilization":1,"temperature":null}]}]
            """);
  }

  @Test
  void shouldCountTheSlots() {
    server.fleet.slots.add(new SlotCount("image", 12, 3, 5));
    server.fleet.slots.add(new SlotCount("text", Integer.MAX_VALUE, 0, 2));

    assertThat(terminal.run("fleet", "slots")).isZero();
    assertThat(terminal.out())
        .isEqualTo(
            """
            KIND     WANTED  FREE  BUSY
            image        12     3     5
            text   no bound     0     2
            """);
    assertThat(terminal.run("fleet", "slots", "-o", "json")).isZero();
    assertThat(terminal.out())
        .isEqualTo(
            """
            [{"kind":"image","wanted":12,"free":3,"busy":5},{"kind":"text","wanted":2147483647,"free":0,"busy":2}]
            """);
  }

  @Test
  void shouldDrainANode() {
    server.nodes.add(
        new NodeInfo("gpu-7", 1, 0, List.of("a"), "", Map.of(), 0, false, 77, "test 1"));

    assertThat(terminal.run("fleet", "drain", "gpu-7", "--deadline", "90s")).isZero();
    assertThat(terminal.out()).isEqualTo("node gpu-7 drains\n");
    assertThat(server.fleet.drained)
        .containsExactly("gpu-7 within Optional[PT1M30S]: a client asked for it");

    assertThat(terminal.run("fleet", "drain", "gpu-8", "--reason", "it is\nlate")).isEqualTo(2);
    assertThat(terminal.err()).isEqualTo("rung: reason: expected no control characters\n");
    assertThat(terminal.run("fleet", "drain", "gpu-8")).isEqualTo(3);
    assertThat(terminal.err()).isEqualTo("rung: there is no connected node 'gpu-8'\n");
    assertThat(terminal.run("fleet", "drain", "gpu-7", "--deadline", "25h")).isEqualTo(2);
    assertThat(terminal.err())
        .isEqualTo("rung: expected a deadline from 0 to 86400 s, but came 90000 s\n");
  }

  @Test
  void shouldTellHowTheServerIs() {
    assertThat(terminal.run("doctor")).isZero();
    assertThat(terminal.out()).isEqualTo("rung test  HEALTHY\n");

    server.troubles.add(new Trouble("018f-a1", Duration.ofMillis(4_500), "the disk is full"));
    assertThat(terminal.run("doctor")).isEqualTo(1);
    assertThat(terminal.out())
        .isEqualTo(
            """
            rung test  DEGRADED
            study 018f-a1 has not written for 4 s; its reports wait, none is lost: the disk is full
            """);
    assertThat(terminal.run("doctor", "-o", "json")).isEqualTo(1);
    assertThat(terminal.out())
        .isEqualTo(
            """
            {"software":"rung test","state":"DEGRADED","troubles":[{"study":"018f-a1","seconds":4.5,"cause":"the disk is full"}]}
            """);
  }

  @Test
  void shouldCreateAStudy() throws IOException {
    Path file = studyFile();
    server.studies.reply =
        (study, command) -> {
          server.studies.show(study, Samples.fresh());
          return new StudyReply.Done();
        };

    assertThat(terminal.run("study", "create", file.toString())).isZero();

    assertThat(terminal.out())
        .isEqualTo(
            """
            Study digits runs as aaaabbbbccccddddeeeeffff22.
            See it go on: rung study watch aaaabbbb
            """);
    assertThat(terminal.err()).startsWith("warning: trainer.kind: no connected node");
  }

  @Test
  void shouldCreateAndWait() throws IOException {
    Path file = studyFile();
    StudySummary ended = Samples.summary(StudyStatus.ENDED, "the target was reached");
    server.studies.reply =
        (study, command) -> {
          server.studies.show(study, ended);
          return new StudyReply.Done();
        };

    assertThat(terminal.run("study", "create", file.toString(), "--wait", "-o", "json")).isZero();

    assertThat(terminal.out()).startsWith("{\"study\":").hasLineCount(1);
    assertThat(terminal.err()).endsWith("160 trials/h: every trial of the budget has run\n");
  }

  @Test
  void shouldWaitUntilAStudyHasEnded() {
    assertThat(terminal.run("study", "wait", "digits")).isZero();

    assertThat(terminal.out())
        .isEqualTo(
            """
            1:30 digits ended; trials 4 of 4: 1 completed, 2 stopped, 1 failed; best val_accuracy\
             0.9722, trial 2 at epoch 9; 160 trials/h: every trial of the\
             budget has run
            Best: val_accuracy 0.9722, trial 2 at epoch 9
              learning_rate  0.01235
              hidden         64
              activation     relu
            Used 12 epochs; training all trials to the top takes 36 (67 % saved).
            1 trial went on at another node than it began on.
            """);
  }

  @Test
  void shouldFailWhenAStudyEndedWithoutAnyValue() {
    StudySummary fresh = Samples.fresh();
    server.reads.studies.set(
        0,
        Samples.row(
            new StudySummary(
                fresh.id(),
                fresh.plan(),
                StudyStatus.ENDED,
                "it was cancelled",
                fresh.created(),
                fresh.updated(),
                fresh.trials(),
                fresh.rungs(),
                null,
                null,
                0,
                0,
                0,
                3,
                Optional.empty(),
                OptionalDouble.empty())));

    assertThat(terminal.run("study", "watch", "digits")).isEqualTo(1);
    assertThat(terminal.out()).endsWith("it was cancelled\nNo trial has a value yet.\n");
  }

  @Test
  void shouldTimeOut() {
    server.reads.studies.set(0, Samples.row(Samples.fresh()));
    server.studies.show(Samples.ID, Samples.fresh());

    assertThat(terminal.run("study", "wait", "digits", "--timeout", "1ms")).isEqualTo(1);

    assertThat(terminal.err()).isEqualTo("rung: timed out after 1ms; the study goes on\n");
  }

  @ParameterizedTest
  @CsvSource({
    "INVALID, 2",
    "NOT_FOUND, 3",
    "AMBIGUOUS, 2",
    "CONFLICT, 5",
    "ALREADY_EXISTS, 5",
    "UNAVAILABLE, 7",
    "DATA_LOSS, 1"
  })
  void shouldExitWithTheCodeOfEachRefusal(ErrorCode code, int exit) {
    server.studies.reply = (study, command) -> new StudyReply.Rejected(code, "it cannot be");

    assertThat(terminal.run("study", "pause", "digits")).isEqualTo(exit);
    assertThat(terminal.err()).isEqualTo("rung: it cannot be\n");
  }

  @Test
  void shouldControlAStudy() {
    server.studies.show(Samples.ID, Samples.summary(StudyStatus.PAUSED, "paused by a client"));

    assertThat(terminal.run("study", "pause", "aaaa")).isZero();

    assertThat(terminal.out()).isEqualTo("digits  paused: paused by a client\n");
  }

  @Test
  void shouldNotFindAStudy() {
    assertThat(terminal.run("study", "show", "nothing")).isEqualTo(3);
    assertThat(terminal.err()).contains("none fits \"nothing\"");
  }

  @Test
  void shouldSayWhenThereIsNoServer() throws IOException {
    int port;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      port = socket.getLocalPort();
    }

    assertThat(terminal.run("study", "list", "--server", "127.0.0.1:" + port)).isEqualTo(7);

    assertThat(terminal.err())
        .isEqualTo(
            "rung: no Rung server at 127.0.0.1:%d: start one with `rung serve`\n".formatted(port));
  }

  @ParameterizedTest
  @CsvSource({"nothing", "host:", ":1", "host:99999", "a@host:1", "host:1/x", "''"})
  void shouldRefuseAnAddressThatIsNone(String address) {
    assertThat(terminal.run("study", "list", "--server", address)).isEqualTo(2);
    assertThat(terminal.err()).startsWith("rung: --server: expected HOST:PORT");
  }

  private Path studyFile() throws IOException {
    return Files.writeString(
        folder.resolve("a.yaml"),
        """
        name: digits
        metric: {name: val_accuracy, goal: maximize}
        resource: {unit: epoch, max: 9}
        budget: {trials: 4}
        space:
          learning_rate: {min: 1.0e-4, max: 1.0, log: true}
        trainer: {kind: dl4j-image}
        """);
  }

  private static List<Path> listed(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
