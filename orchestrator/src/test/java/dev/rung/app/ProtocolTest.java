package dev.rung.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Directive;
import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.Entry;
import dev.rung.proto.v1.Heartbeat;
import dev.rung.proto.v1.ListStudiesRequest;
import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.Refused;
import dev.rung.proto.v1.Run;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyState;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The trainer protocol as a node sees it, against a real server. */
class ProtocolTest {
  private static final String STUDY =
      """
      name: protocol
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
  static void stop() throws Exception {
    server.close();
  }

  /** A study that only the node of the test trains, since nobody else has its kind. */
  private static Study study(String kind, int trials) {
    return server.create(STUDY.formatted(trials, kind));
  }

  private static RawNode node(String name, String kind) {
    return new RawNode(server.channel).say(RawNode.hello(name).clearKinds().addKinds(kind));
  }

  private static Directive awaitDirective(RawNode node, AttemptRef attempt) throws Exception {
    return node.await(m -> m.hasDirective() && m.getDirective().getAttempt().equals(attempt))
        .getDirective();
  }

  @Test
  void shouldCloseAStreamThatDoesNotBeginWithHello() throws Exception {
    RawNode node = new RawNode(server.channel);
    node.say(NodeMessage.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()).build());
    Status status = node.awaitClosed();
    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).isEqualTo("expected Hello first, but came HEARTBEAT");
  }

  @Test
  void shouldNameBothVersionsToANodeOfAnotherProtocol() throws Exception {
    RawNode node = new RawNode(server.channel).say(RawNode.hello("old").setProtocol(7));
    Status status = node.awaitClosed();
    assertThat(status.getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(status.getDescription())
        .isEqualTo("this server speaks version 1 of the trainer protocol, but node old speaks 7");
  }

  @Test
  void shouldRefuseANodeNameThatIsNone() throws Exception {
    RawNode node = new RawNode(server.channel).say(RawNode.hello("../evil\n"));
    Status status = node.awaitClosed();
    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription())
        .isEqualTo("expected a node name of 1 to 128 of [A-Za-z0-9._-], but came '../evil?'");
  }

  @Test
  void shouldLetTheNewestSessionOfANodeWin() throws Exception {
    RawNode first = node("twin", "twin-kind");
    first.await(ServerMessage::hasWelcome);
    RawNode second = new RawNode(server.channel).say(RawNode.hello("twin").setConnection(2));
    second.await(ServerMessage::hasWelcome);
    assertThat(first.awaitClosed().getCode()).isEqualTo(Status.Code.ABORTED);
    RawNode late = new RawNode(server.channel).say(RawNode.hello("twin").setConnection(1));
    assertThat(late.awaitClosed().getCode()).isEqualTo(Status.Code.ABORTED);
    second.leave();
  }

  @Test
  void shouldFenceEntriesOfAnUnknownAttempt() throws Exception {
    RawNode node = node("stranger", "stranger-kind");
    AttemptRef unknown = AttemptRef.newBuilder().setTrial("nosuchstudy/1").setAttempt(1).build();
    node.say(unknown, 1, RawNode.point(1, 0.5));
    assertThat(awaitDirective(node, unknown).hasFenced()).isTrue();
    node.leave();
  }

  @Test
  void shouldAskForTheEntriesAfterAGapAgain() throws Exception {
    study("gap-kind", 1);
    RawNode node = node("gap", "gap-kind");
    AttemptRef attempt = node.awaitRun().getAttempt();
    node.say(attempt, 3, RawNode.point(3, 0.5));
    var ack = node.await(ServerMessage::hasAck).getAck();
    assertThat(ack.getAckedSeq()).isZero();
    assertThat(ack.getResend()).isTrue();
    // Twice the same and once more the first: each counts once.
    Entry first = RawNode.point(1, 0.5);
    node.say(attempt, 1, first).say(attempt, 1, first);
    assertThat(node.await(ServerMessage::hasAck).getAck().getAckedSeq()).isEqualTo(1);
    assertThat(node.await(ServerMessage::hasAck).getAck().getAckedSeq()).isEqualTo(1);
    node.leave();
  }

  @Test
  void shouldCloseANodeThatBreaksItsWindow() throws Exception {
    study("flood-kind", 1);
    RawNode node = node("flood", "flood-kind");
    AttemptRef attempt = node.awaitRun().getAttempt();
    Entry[] many = new Entry[1_025];
    java.util.Arrays.fill(many, RawNode.point(1, 0.5));
    node.say(attempt, 1, many);
    assertThat(node.awaitClosed().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
  }

  @Test
  void shouldCloseAStreamThatSendsTooLargeAMessage() throws Exception {
    RawNode node = node("huge", "huge-kind");
    node.await(ServerMessage::hasWelcome);
    AttemptRef attempt = AttemptRef.newBuilder().setTrial("s/1").setAttempt(1).build();
    Entry entry =
        Entry.newBuilder().setEnded(Ended.newBuilder().setMessage("x".repeat(1 << 20))).build();
    node.say(attempt, 1, entry);
    // How the client's own half hears of it is up to gRPC.
    assertThat(node.awaitClosed().getCode())
        .isIn(Status.Code.RESOURCE_EXHAUSTED, Status.Code.CANCELLED);
  }

  @Test
  void shouldRefuseACallWithTooMuchMetadata() {
    Metadata metadata = new Metadata();
    metadata.put(Metadata.Key.of("x-large", Metadata.ASCII_STRING_MARSHALLER), "x".repeat(8 << 10));
    var studies =
        server.studies().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    assertThatThrownBy(() -> studies.listStudies(ListStudiesRequest.getDefaultInstance()))
        .isInstanceOf(StatusRuntimeException.class);
    assertThat(server.studies().listStudies(ListStudiesRequest.getDefaultInstance()).getTotal())
        .isNotNegative();
  }

  @Test
  void shouldRefuseACheckpointOutsideTheAttemptsPrefix() throws Exception {
    study("thief-kind", 1);
    RawNode node = node("thief", "thief-kind");
    Run run = node.awaitRun();
    node.say(
        run.getAttempt(),
        1,
        Entry.newBuilder()
            .setCheckpoint(
                dev.rung.proto.v1.Checkpoint.newBuilder()
                    .setStep(1)
                    .setPlace(run.getCheckpointPrefix() + "../../secret"))
            .build());
    Status status = node.awaitClosed();
    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).contains("expected a checkpoint place directly below");
  }

  @Test
  void shouldPauseAtTheMilestoneAndPromoteLaterInTheOrderOfTheRung() throws Exception {
    Study study = study("ladder-kind", 3);
    RawNode node = node("ladder", "ladder-kind");
    double[] scores = {0.9, 0.1, 0.2};
    for (double score : scores) {
      Run run = node.awaitRun();
      assertThat(run.getMilestone()).isEqualTo(1);
      node.say(run.getAttempt(), 1, RawNode.point(1, score));
      Directive directive = awaitDirective(node, run.getAttempt());
      assertThat(directive.hasPause()).as(directive.getReason()).isTrue();
      node.say(run.getAttempt(), 2, RawNode.ended(Cause.CAUSE_PAUSED));
    }
    // Three entries, eta 3: the best one goes on, from scratch, since no checkpoint was written.
    Run promoted = node.awaitRun();
    assertThat(promoted.getAttempt().getTrial()).isEqualTo(study.getId() + "/1");
    assertThat(promoted.getAttempt().getAttempt()).isEqualTo(2);
    assertThat(promoted.getMilestone()).isEqualTo(3);
    assertThat(promoted.hasResume()).isFalse();
    node.say(promoted.getAttempt(), 1, RawNode.point(3, 0.95));
    assertThat(awaitDirective(node, promoted.getAttempt()).hasPause()).isTrue();
    node.say(promoted.getAttempt(), 2, RawNode.ended(Cause.CAUSE_PAUSED));
    Study ended = server.await(study.getId(), s -> s.getState() == StudyState.STUDY_STATE_ENDED);
    assertThat(ended.getBest().getTrial()).isEqualTo(1);
    assertThat(ended.getTrialsMap()).containsExactlyEntriesOf(java.util.Map.of("stopped", 3L));
    node.leave();
  }

  @Test
  void shouldGiveARefusedAttemptToTheNextOffer() throws Exception {
    Study study = study("shy-kind", 1);
    RawNode node = node("shy", "shy-kind");
    Run refused = node.awaitRun();
    node.say(
        NodeMessage.newBuilder()
            .setRefused(Refused.newBuilder().setAttempt(refused.getAttempt()).setReason("not now"))
            .build());
    Run again = node.awaitRun();
    assertThat(again.getAttempt().getTrial()).isEqualTo(study.getId() + "/1");
    assertThat(again.getAttempt().getAttempt()).isEqualTo(2);
    node.leave();
  }

  @Test
  void shouldLoseTheAttemptsOfAnOlderIncarnationAtOnce() throws Exception {
    Study study = study("reborn-kind", 1);
    RawNode before = node("reborn", "reborn-kind");
    Run first = before.awaitRun();
    before.leave();
    RawNode after =
        new RawNode(server.channel)
            .say(RawNode.hello("reborn").setIncarnation(2).clearKinds().addKinds("reborn-kind"));
    Run second = after.awaitRun();
    assertThat(second.getAttempt().getTrial()).isEqualTo(first.getAttempt().getTrial());
    assertThat(second.getAttempt().getAttempt()).isEqualTo(2);
    // The zombie of the first life is told to end.
    after.say(first.getAttempt(), 1, RawNode.point(1, 0.7));
    assertThat(awaitDirective(after, first.getAttempt()).hasFenced()).isTrue();
    assertThat(server.show(study.getId()).getRungs(0).getEntered()).isZero();
    after.leave();
  }

  @Test
  void shouldSendAnAttemptAgainThatTheReconnectedNodeDoesNotKnow() throws Exception {
    study("amnesia-kind", 1);
    RawNode before = node("amnesia", "amnesia-kind");
    Run first = before.awaitRun();
    before.leave();
    RawNode after =
        new RawNode(server.channel)
            .say(RawNode.hello("amnesia").setConnection(2).clearKinds().addKinds("amnesia-kind"));
    assertThat(after.awaitRun().getAttempt()).isEqualTo(first.getAttempt());
    after.leave();
  }

  @Test
  void shouldStopADivergedTrialAndEndTheStudy() throws Exception {
    Study study = study("nan-kind", 1);
    RawNode node = node("nan", "nan-kind");
    Run run = node.awaitRun();
    node.say(run.getAttempt(), 1, RawNode.point(1, Double.NaN));
    Directive directive = awaitDirective(node, run.getAttempt());
    assertThat(directive.hasStop()).isTrue();
    assertThat(directive.getReason()).isEqualTo("stopped: the value NaN at rung 1 is not finite");
    node.say(run.getAttempt(), 2, RawNode.ended(Cause.CAUSE_STOPPED));
    Study ended = server.await(study.getId(), s -> s.getState() == StudyState.STUDY_STATE_ENDED);
    assertThat(ended.hasBest()).isFalse();
    node.leave();
  }
}
