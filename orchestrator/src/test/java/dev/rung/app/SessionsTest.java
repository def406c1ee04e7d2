package dev.rung.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.ControlStudyRequest;
import dev.rung.proto.v1.Directive;
import dev.rung.proto.v1.GetTrialRequest;
import dev.rung.proto.v1.Hello;
import dev.rung.proto.v1.Run;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyAction;
import dev.rung.proto.v1.StudyState;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Nodes that dial again: which session counts, and what it is told. */
@Timeout(120)
class SessionsTest {
  private static final String STUDY =
      """
      name: sessions
      metric: {name: score, goal: maximize}
      resource: {unit: step, max: 9}
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

  private static Study study(String name, int trials) {
    return server.create(STUDY.formatted(trials, name));
  }

  /** The node that alone trains the study of the same name. */
  private static Hello.Builder hello(String name, int incarnation, int connection) {
    return RawNode.hello(name)
        .setIncarnation(incarnation)
        .setConnection(connection)
        .clearKinds()
        .addKinds(name);
  }

  private static RawNode dial(Hello.Builder hello) {
    return new RawNode(server.channel).say(hello);
  }

  private static Directive awaitDirective(RawNode node, AttemptRef attempt) throws Exception {
    return node.await(m -> m.hasDirective() && m.getDirective().getAttempt().equals(attempt))
        .getDirective();
  }

  @Test
  void shouldTellToPauseAgainAtEachReconnectAndForEachEntry() throws Exception {
    study("pause-again", 2);
    RawNode node = dial(hello("pause-again", 1, 1));
    AttemptRef attempt = node.awaitRun().getAttempt();
    node.say(attempt, 1, RawNode.point(1, 0.5));
    Directive first = awaitDirective(node, attempt);
    assertThat(first.hasPause()).isTrue();
    for (int connection = 2; connection <= 4; connection++) {
      node.leave();
      node = dial(hello("pause-again", 1, connection).addAttempts(attempt));
      assertThat(awaitDirective(node, attempt)).isEqualTo(first);
      for (int i = 0; i < 3; i++) {
        node.say(attempt, 3L * (connection - 2) + 2 + i, RawNode.point(1, 0.5));
        assertThat(awaitDirective(node, attempt)).isEqualTo(first);
      }
    }
    node.say(attempt, 11, RawNode.ended(Cause.CAUSE_PAUSED));
    // The next trial comes only now.
    assertThat(node.awaitRun().getAttempt().getTrial()).endsWith("/2");
    node.leave();
  }

  @Test
  void shouldTellToStopWhatWasCancelledWhileTheNodeWasAway() throws Exception {
    Study study = study("stop-again", 1);
    RawNode node = dial(hello("stop-again", 1, 1));
    AttemptRef attempt = node.awaitRun().getAttempt();
    node.leave();
    server
        .studies()
        .controlStudy(
            ControlStudyRequest.newBuilder()
                .setStudy(study.getId())
                .setAction(StudyAction.STUDY_ACTION_CANCEL)
                .build());
    node = dial(hello("stop-again", 1, 2).addAttempts(attempt));
    Directive stop = awaitDirective(node, attempt);
    assertThat(stop.hasStop()).isTrue();
    for (int seq = 1; seq <= 3; seq++) {
      node.say(attempt, seq, RawNode.point(1, 0.5));
      assertThat(awaitDirective(node, attempt)).isEqualTo(stop);
    }
    node.say(attempt, 4, RawNode.ended(Cause.CAUSE_STOPPED));
    server.await(study.getId(), s -> s.getState() == StudyState.STUDY_STATE_ENDED);
    node.leave();
  }

  @Test
  void shouldLetOnlyTheNewestLifeOfANodeSpeak() throws Exception {
    study("lives", 1);
    RawNode first = dial(hello("lives", 1, 5));
    AttemptRef old = first.awaitRun().getAttempt();
    // Another process of the same name: newer by its incarnation, whatever its connection number.
    RawNode second = dial(hello("lives", 2, 1));
    Status status = first.awaitClosed();
    assertThat(status.getCode()).isEqualTo(Status.Code.ABORTED);
    assertThat(status.getDescription()).isEqualTo("a newer session of node lives took over");
    Run again = second.awaitRun();
    assertThat(again.getAttempt()).isEqualTo(old.toBuilder().setAttempt(2).build());
    // The older process dials on: it is refused, and its attempt is over.
    RawNode older = dial(hello("lives", 1, 6).addAttempts(old));
    assertThat(older.awaitClosed().getCode()).isEqualTo(Status.Code.ABORTED);
    // The newer one is not disturbed.
    second.say(again.getAttempt(), 1, RawNode.point(1, 0.5));
    assertThat(awaitDirective(second, again.getAttempt()).hasPause()).isTrue();
    second.leave();
  }

  @Test
  void shouldTellANodeThatComesBackWhatIsMissingAndWhatMustGo() throws Exception {
    Study study = server.create(STUDY.formatted(2, "back").replace("max: 9", "min: 3, max: 9"));
    RawNode node = dial(hello("back", 1, 1).setSlots(2));
    Run begun = node.awaitRun();
    AttemptRef reported = begun.getAttempt();
    AttemptRef unheard = node.awaitRun().getAttempt();
    node.say(reported, 1, RawNode.checkpoint(begun, 1));
    node.await(m -> m.hasAck() && m.getAck().getAckedSeq() == 1);
    AttemptRef unknown = reported.toBuilder().setAttempt(9).build();
    node.leave();
    // It forgot one that it never began, and names one that never was.
    node = dial(hello("back", 1, 2).setSlots(2).addAttempts(reported).addAttempts(unknown));
    var ack = node.await(ServerMessage::hasAck).getAck();
    assertThat(ack.getAttempt()).isEqualTo(reported);
    assertThat(ack.getAckedSeq()).isEqualTo(1);
    assertThat(awaitDirective(node, unknown).hasFenced()).isTrue();
    assertThat(node.awaitRun().getAttempt()).isEqualTo(unheard);
    node.leave();
    // What it had begun and names no more is lost, and goes on from its checkpoint.
    node = dial(hello("back", 1, 3).setSlots(2).addAttempts(unheard));
    Run moved = node.awaitRun();
    assertThat(moved.getAttempt()).isEqualTo(reported.toBuilder().setAttempt(2).build());
    assertThat(moved.getResume().getStep()).isEqualTo(1);
    assertThat(
            server
                .studies()
                .getTrial(
                    GetTrialRequest.newBuilder()
                        .setStudy(study.getId())
                        .setTrial(
                            Long.parseLong(
                                reported
                                    .getTrial()
                                    .substring(reported.getTrial().indexOf('/') + 1)))
                        .build())
                .getTrial()
                .getAttempts(0)
                .getMessage())
        .isEqualTo("node back does not know it any more");
    node.leave();
  }

  @Test
  void shouldFenceAFewUnknownStudiesAndEndASessionThatNamesMany() throws Exception {
    Hello.Builder few = hello("few", 1, 1);
    Hello.Builder many = hello("many", 1, 1);
    for (int i = 1; i <= 100; i++) {
      AttemptRef unknown =
          AttemptRef.newBuilder().setTrial("nostudy" + i + "/1").setAttempt(1).build();
      many.addAttempts(unknown);
      if (i <= 16) {
        few.addAttempts(unknown);
      }
    }
    RawNode honest = dial(few);
    for (int i = 1; i <= 16; i++) {
      assertThat(honest.await(ServerMessage::hasDirective).getDirective().hasFenced()).isTrue();
    }
    AttemptRef again = few.getAttempts(0);
    honest.say(again, 1, RawNode.point(1, 0.5));
    assertThat(awaitDirective(honest, again).getReason()).isEqualTo("there is no such study");
    honest.leave();

    Status status = dial(many).awaitClosed();
    assertThat(status.getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
    assertThat(status.getDescription())
        .isEqualTo("expected at most 16 studies that do not exist, but the node named more");
  }
}
