package dev.rung.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.proto.v1.Attempt;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.GetTrialRequest;
import dev.rung.proto.v1.LogLine;
import dev.rung.proto.v1.ReadTrialLogsRequest;
import dev.rung.proto.v1.ReadTrialLogsResponse;
import dev.rung.proto.v1.SendLogsRequest;
import dev.rung.proto.v1.SendLogsResponse;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyServiceGrpc;
import dev.rung.proto.v1.StudyState;
import dev.rung.proto.v1.Trial;
import dev.rung.trainer.TrialContext;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What trials say, from a trainer to a client, and what a server does not take. */
@Timeout(120)
class LogsTest {
  private static final String STUDY =
      """
      name: logs-%s
      metric: {name: score, goal: maximize}
      resource: {unit: step, max: 1}
      budget: {trials: %d}
      algorithm: {halving: asha, eta: 3, seed: 1}
      space:
        x: {min: 0.0, max: 1.0}
      trainer: {kind: %s}
      """;

  @TempDir static Path folder;
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = new RunningServer(folder.resolve("data"), 0, Duration.ofSeconds(60));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Study study(String kind, int trials) {
    return server.create(STUDY.formatted(kind, trials, kind));
  }

  private static Iterator<ReadTrialLogsResponse> logs(Study study, boolean follow) {
    return StudyServiceGrpc.newBlockingStub(server.channel)
        .withDeadlineAfter(60, TimeUnit.SECONDS)
        .readTrialLogs(
            ReadTrialLogsRequest.newBuilder()
                .setStudy(study.getId())
                .setTrial(1)
                .setFollow(follow)
                .build());
  }

  /** Every line as "ATTEMPT NUMBER TEXT". */
  private static List<String> rest(Iterator<ReadTrialLogsResponse> parts) {
    List<String> lines = new ArrayList<>();
    parts.forEachRemaining(part ->
        part.getLinesList()
            .forEach(line ->
                lines.add(part.getAttempt() + " " + line.getNumber() + " " + line.getText())));
    return lines;
  }

  private static Trial trial(Study study) {
    return server
        .studies()
        .getTrial(GetTrialRequest.newBuilder().setStudy(study.getId()).setTrial(1).build())
        .getTrial();
  }

  private static Study awaitEnd(Study study) throws InterruptedException {
    return server.await(study.getId(), s -> s.getState() == StudyState.STUDY_STATE_ENDED);
  }

  @Test
  void shouldFollowATrialFromItsTrainerToItsEnd() throws Exception {
    CountDownLatch seen = new CountDownLatch(1);
    Study study = study("follow", 1);
    server.node(
        "follow",
        1,
        "follow",
        trial -> {
          trial.log("begins");
          // The rest is said only when a client has seen the first line: it came while it trained.
          seen.await();
          trial.log("step 1\n\tscore 0.5");
          trial.report(1, Map.of("score", 0.5));
        });
    server.await(study.getId(), s -> s.getTrialsOrDefault("running", 0) == 1);
    Iterator<ReadTrialLogsResponse> follow = logs(study, true);
    ReadTrialLogsResponse first = follow.next();
    assertThat(first.getAttempt()).isEqualTo(1);
    assertThat(first.getLines(0).getText()).isEqualTo("begins");
    seen.countDown();

    assertThat(rest(follow)).containsExactly("1 2 step 1", "1 3 \tscore 0.5");
    assertThat(rest(logs(study, false)))
        .containsExactly("1 1 begins", "1 2 step 1", "1 3 \tscore 0.5");
    assertThat(folder.resolve("data").resolve("logs").resolve(study.getId()).resolve("1"))
        .isDirectoryContaining("glob:**/1.log");
  }

  private static void fail(TrialContext trial) throws Exception {
    trial.log("loading data of attempt " + trial.attempt());
    throw new IllegalStateException("no such file: digits");
  }

  @Test
  void shouldKeepTheTailOfTheLogInWhyATrialFailed() throws Exception {
    Study study = study("fail", 1);
    server.node("fail", 1, "fail", LogsTest::fail);
    awaitEnd(study);
    Trial trial = trial(study);

    assertThat(trial.getReason())
        .isEqualTo("USER_ERROR: java.lang.IllegalStateException: no such file: digits");
    assertThat(trial.getAttemptsList()).hasSize(2);
    for (Attempt attempt : trial.getAttemptsList()) {
      assertThat(attempt.getCause()).isEqualTo(Cause.CAUSE_USER_ERROR);
      assertThat(attempt.getMessage())
          .startsWith("java.lang.IllegalStateException: no such file: digits\n\tat ")
          .endsWith("the log ends with:\nloading data of attempt " + attempt.getNumber());
    }
    assertThat(rest(logs(study, true)))
        .contains(
            "1 1 loading data of attempt 1",
            "1 2 java.lang.IllegalStateException: no such file: digits",
            "2 1 loading data of attempt 2");
  }

  @Test
  void shouldPauseABrokenStudyWithTheTailOfTheLogAsItsReason() throws Exception {
    Study study = study("broken", 20);
    server.node("broken", 1, "broken", LogsTest::fail);
    Study paused = server.await(study.getId(), s -> s.getState() == StudyState.STUDY_STATE_PAUSED);

    assertThat(paused.getReason())
        .startsWith(
            "10 attempts failed one after another, the newest with:"
                + " java.lang.IllegalStateException: no such file: digits\n\tat ")
        .contains("the log ends with:\nloading data of attempt ");
  }

  private static SendLogsResponse send(SendLogsRequest... messages) throws Exception {
    return LogCalls.send(server.channel, messages);
  }

  private static Status fault(SendLogsRequest message) throws Exception {
    try {
      throw new AssertionError("expected a fault, but came " + send(message));
    } catch (ExecutionException e) {
      return Status.fromThrowable(e.getCause());
    }
  }

  private static SendLogsRequest.Builder lines(
      String session, AttemptRef attempt, long... numbers) {
    SendLogsRequest.Builder message =
        SendLogsRequest.newBuilder().setSession(session).setAttempt(attempt);
    for (long number : numbers) {
      message.addLines(LogLine.newBuilder().setNumber(number).setText("line " + number));
    }
    return message;
  }

  @Test
  void shouldTakeLinesOnceAndShowTheGapThatTheNodeLeft() throws Exception {
    Study study = study("gap-log", 1);
    RawNode node =
        new RawNode(server.channel).say(RawNode.hello("gap-log").clearKinds().addKinds("gap-log"));
    String session = node.await(ServerMessage::hasWelcome).getWelcome().getSession();
    AttemptRef attempt = node.awaitRun().getAttempt();
    send(
        lines(session, attempt, 1, 2).build(),
        lines(session, attempt, 2, 3).build(),
        lines(session, attempt, 8).build());
    send(lines(session, attempt, 1, 2, 3, 8).build());

    List<ReadTrialLogsResponse> parts = new ArrayList<>();
    logs(study, false).forEachRemaining(parts::add);
    assertThat(parts).extracting(ReadTrialLogsResponse::getDropped).containsExactly(0L, 4L);
    assertThat(rest(parts.iterator()))
        .containsExactly("1 1 line 1", "1 2 line 2", "1 3 line 3", "1 8 line 8");
    node.leave();
  }

  @Test
  void shouldTakeNothingOfAttemptsThatTheSessionDoesNotRun() throws Exception {
    Study study = study("spy", 1);
    RawNode owner =
        new RawNode(server.channel).say(RawNode.hello("owner").clearKinds().addKinds("spy"));
    AttemptRef attempt = owner.awaitRun().getAttempt();
    AttemptRef unknown = AttemptRef.newBuilder().setTrial("nosuchstudy/1").setAttempt(1).build();
    RawNode spy =
        new RawNode(server.channel)
            .say(
                RawNode.hello("spy")
                    .clearKinds()
                    .addKinds("none")
                    .addAttempts(unknown)
                    .addAttempts(attempt));
    String session = spy.await(ServerMessage::hasWelcome).getWelcome().getSession();
    // The study knows of no such attempt on that node.
    spy.await(
        message -> message.hasDirective() && message.getDirective().getAttempt().equals(attempt));

    SendLogsResponse answer =
        send(lines(session, attempt, 1).build(), lines(session, unknown, 1).build());
    assertThat(answer.getRefusedList()).containsExactly(attempt, unknown);
    assertThat(rest(logs(study, false))).isEmpty();
    Path logs = folder.resolve("data").resolve("logs");
    assertThat(logs.resolve(study.getId())).doesNotExist();
    assertThat(logs.resolve("nosuchstudy")).doesNotExist();
    spy.leave();
    owner.leave();
  }

  @Test
  void shouldRefuseWhatBreaksALimit() throws Exception {
    RawNode node =
        new RawNode(server.channel).say(RawNode.hello("limits").clearKinds().addKinds("limits"));
    String session = node.await(ServerMessage::hasWelcome).getWelcome().getSession();
    AttemptRef attempt = AttemptRef.newBuilder().setTrial("s/1").setAttempt(1).build();

    assertThat(fault(lines("no-session", attempt, 1).build()).getCode())
        .isEqualTo(Status.Code.NOT_FOUND);
    AttemptRef evil = attempt.toBuilder().setTrial("../../etc/1").build();
    Map<String, SendLogsRequest> bad =
        Map.of(
            "expected a trial as STUDY/NUMBER, but came '../../etc/1'",
            lines(session, evil, 1).build(),
            "expected lines with growing numbers from 1, but came 0 after 0",
            lines(session, attempt, 0).build(),
            "expected lines with growing numbers from 1, but came 18446744073709551615 after 0",
            lines(session, attempt, -1).build(),
            "expected lines with growing numbers from 1, but came 2 after 2",
            lines(session, attempt, 2, 2).build(),
            "expected at most 256 lines, but came 257",
            lines(session, attempt, LongStream.rangeClosed(1, 257).toArray()).build(),
            "expected lines of at most 65536 characters together",
            lines(session, attempt)
                .addLines(LogLine.newBuilder().setNumber(1).setText("x".repeat(65_537)))
                .build());
    for (Map.Entry<String, SendLogsRequest> one : bad.entrySet()) {
      Status status = fault(one.getValue());
      assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(status.getDescription()).isEqualTo(one.getKey());
    }
    node.leave();
  }

  @Test
  void shouldTakeNoLinesOfASessionThatHasEnded() throws Exception {
    study("gone", 1);
    RawNode node =
        new RawNode(server.channel).say(RawNode.hello("gone").clearKinds().addKinds("gone"));
    String session = node.await(ServerMessage::hasWelcome).getWelcome().getSession();
    AttemptRef attempt = node.awaitRun().getAttempt();
    assertThat(send(lines(session, attempt, 1).build()).getRefusedList()).isEmpty();
    RawNode newer =
        new RawNode(server.channel)
            .say(RawNode.hello("gone").setConnection(2).clearKinds().addKinds("gone"));
    newer.await(ServerMessage::hasWelcome);
    node.awaitClosed();

    assertThat(fault(lines(session, attempt, 2).build()).getCode())
        .isEqualTo(Status.Code.NOT_FOUND);
    newer.leave();
  }
}
