package dev.rung.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.access.Role;
import dev.rung.access.Security;
import dev.rung.access.Tokens;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.CreateStudyRequest;
import dev.rung.proto.v1.Directive;
import dev.rung.proto.v1.FleetServiceGrpc;
import dev.rung.proto.v1.GetTrialRequest;
import dev.rung.proto.v1.ListNodesRequest;
import dev.rung.proto.v1.LogLine;
import dev.rung.proto.v1.Node;
import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.ReadTrialLogsRequest;
import dev.rung.proto.v1.Refused;
import dev.rung.proto.v1.SendLogsRequest;
import dev.rung.proto.v1.SendLogsResponse;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.proto.v1.StudyServiceGrpc;
import dev.rung.proto.v1.Trial;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two pools whose trainers do not trust each other, on one server that asks for tokens. */
@Timeout(120)
class PoolsTest {
  private static final String STUDY =
      """
      name: %s
      metric: {name: score, goal: maximize}
      resource: {unit: step, max: 9}
      budget: {trials: 1}
      space:
        x: {min: 0.0, max: 1.0}
      trainer: {kind: %s}
      """;

  @TempDir private static Path folder;
  private static Server server;
  private static ManagedChannel channel;
  private static Channel operator;
  private static Channel ours;
  private static Channel theirs;

  @BeforeAll
  static void start() throws Exception {
    Path data = Files.createDirectories(folder.resolve("data"));
    Tokens tokens = Tokens.open(data, Clock.systemUTC());
    String change = tokens.create(Role.OPERATOR, "", "", Duration.ofDays(1)).secret().text();
    String cpus = tokens.create(Role.TRAINER, "", "cpus", Duration.ofDays(1)).secret().text();
    String gpus = tokens.create(Role.TRAINER, "", "gpus", Duration.ofDays(1)).secret().text();
    server =
        Server.start(
            new ServerSettings(data, "127.0.0.1", 0, Duration.ofSeconds(60))
                .protectedBy(new Security(Optional.empty(), true)));
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
    operator = showing(change);
    ours = showing(cpus);
    theirs = showing(gpus);
  }

  @AfterAll
  static void end() {
    channel.shutdownNow();
    server.close();
  }

  private static Channel showing(String token) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    return ClientInterceptors.intercept(
        channel, MetadataUtils.newAttachHeadersInterceptor(headers));
  }

  /** A node of ours that has an attempt of a study of its own. */
  private record Owner(RawNode node, String session, AttemptRef attempt) {
    static Owner start(String name) throws InterruptedException {
      StudyServiceGrpc.newBlockingStub(operator)
          .createStudy(
              CreateStudyRequest.newBuilder()
                  .setFile(STUDY.formatted(name, name))
                  .setFileName("test.yaml")
                  .setKey(UUID.randomUUID().toString())
                  .build());
      RawNode node =
          new RawNode(ours).say(RawNode.hello(name).setPool("cpus").clearKinds().addKinds(name));
      String session = node.await(ServerMessage::hasWelcome).getWelcome().getSession();
      return new Owner(node, session, node.awaitRun().getAttempt());
    }

    /** Reports, which only the one does that holds the attempt. */
    void goesOn(long seq) throws InterruptedException {
      node.say(attempt, seq, RawNode.point(seq, 0.5));
      node.await(message ->
          message.hasAck()
              && message.getAck().getAttempt().equals(attempt)
              && message.getAck().getAckedSeq() == seq);
    }

    Trial trial() {
      String[] parts = attempt.getTrial().split("/", 2);
      return StudyServiceGrpc.newBlockingStub(operator)
          .getTrial(
              GetTrialRequest.newBuilder()
                  .setStudy(parts[0])
                  .setTrial(Integer.parseInt(parts[1]))
                  .build())
          .getTrial();
    }

    List<String> log() {
      String[] parts = attempt.getTrial().split("/", 2);
      List<String> lines = new ArrayList<>();
      StudyServiceGrpc.newBlockingStub(operator)
          .withDeadlineAfter(20, TimeUnit.SECONDS)
          .readTrialLogs(
              ReadTrialLogsRequest.newBuilder()
                  .setStudy(parts[0])
                  .setTrial(Integer.parseInt(parts[1]))
                  .build())
          .forEachRemaining(part -> part.getLinesList().forEach(line -> lines.add(line.getText())));
      return lines;
    }
  }

  private static RawNode stranger(String name, AttemptRef... attempts) {
    return new RawNode(theirs)
        .say(
            RawNode.hello(name)
                .setPool("gpus")
                .setIncarnation(99)
                .clearKinds()
                .addKinds("none")
                .addAllAttempts(List.of(attempts)));
  }

  @Test
  void shouldNotLetANodeBeTakenOverFromAnotherPool() throws Exception {
    Owner owner = Owner.start("kept");
    owner.goesOn(1);

    Status refused = stranger("kept", owner.attempt()).awaitClosed();

    assertThat(refused.getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    assertThat(refused.getDescription())
        .isEqualTo(
            "expected a name that no node of another pool has, but came 'kept' for the pool"
                + " 'gpus'");
    owner.goesOn(2);
    assertThat(
            FleetServiceGrpc.newBlockingStub(operator)
                .listNodes(ListNodesRequest.getDefaultInstance())
                .getNodesList())
        .filteredOn(node -> node.getName().equals("kept"))
        .extracting(Node::getPool)
        .containsExactly("cpus");
    owner.node().leave();
    owner.node().awaitClosed();

    // While its attempts may still go on, its name is its pool's alone.
    assertThat(stranger("kept").awaitClosed().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
    RawNode again =
        new RawNode(ours)
            .say(
                RawNode.hello("kept")
                    .setConnection(2)
                    .setPool("cpus")
                    .clearKinds()
                    .addKinds("kept")
                    .addAttempts(owner.attempt()));
    again.await(ServerMessage::hasWelcome);
    again.say(owner.attempt(), 3, RawNode.point(3, 0.5));
    again.await(message -> message.hasAck() && message.getAck().getAckedSeq() == 3);
    assertThat(owner.trial().getAttemptsCount()).isEqualTo(1);
    again.leave();
  }

  @Test
  void shouldTakeNoLinesByTheSessionOfAnother() throws Exception {
    Owner owner = Owner.start("talks");

    Status foreign = fault(theirs, lines(owner.session(), owner.attempt(), "forged"));
    Status missing = fault(theirs, lines(UUID.randomUUID().toString(), owner.attempt(), "forged"));

    assertThat(foreign.getCode()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(foreign.getDescription()).isEqualTo(missing.getDescription());
    assertThat(LogCalls.send(ours, lines(owner.session(), owner.attempt(), "own")).getRefusedList())
        .isEmpty();
    assertThat(owner.log()).containsExactly("own");
    owner.node().leave();
  }

  @Test
  void shouldTakeNothingOfAnAttemptThatAnotherNodeHas() throws Exception {
    Owner owner = Owner.start("has");
    AttemptRef missing = owner.attempt().toBuilder().setAttempt(7).build();
    RawNode stranger = stranger("has-not", owner.attempt(), missing);
    String session = stranger.await(ServerMessage::hasWelcome).getWelcome().getSession();

    Directive told = fenced(stranger, owner.attempt());
    assertThat(told.getReason()).isEqualTo("there is no such attempt");
    assertThat(fenced(stranger, missing).getReason()).isEqualTo(told.getReason());
    stranger.say(owner.attempt(), 1, RawNode.point(1, 0.9));
    assertThat(fenced(stranger, owner.attempt()).getReason()).isEqualTo(told.getReason());
    stranger.say(
        NodeMessage.newBuilder()
            .setRefused(Refused.newBuilder().setAttempt(owner.attempt()).setReason("forged"))
            .build());
    SendLogsResponse answer =
        LogCalls.send(
            theirs, lines(session, owner.attempt(), "forged"), lines(session, missing, "forged"));
    assertThat(answer.getRefusedList()).containsExactly(owner.attempt(), missing);

    owner.goesOn(1);
    assertThat(owner.log()).isEmpty();
    assertThat(owner.trial().getAttemptsCount()).isEqualTo(1);
    assertThat(owner.trial().getStep()).isEqualTo(1);
    stranger.leave();
    owner.node().leave();
  }

  private static Directive fenced(RawNode node, AttemptRef attempt) throws InterruptedException {
    return node.await(message ->
            message.hasDirective()
                && message.getDirective().hasFenced()
                && message.getDirective().getAttempt().equals(attempt))
        .getDirective();
  }

  private static SendLogsRequest lines(String session, AttemptRef attempt, String text) {
    return SendLogsRequest.newBuilder()
        .setSession(session)
        .setAttempt(attempt)
        .addLines(LogLine.newBuilder().setNumber(1).setText(text))
        .build();
  }

  private static Status fault(Channel caller, SendLogsRequest message) throws Exception {
    try {
      throw new AssertionError("expected a fault, but came " + LogCalls.send(caller, message));
    } catch (ExecutionException e) {
      return Status.fromThrowable(e.getCause());
    }
  }
}
