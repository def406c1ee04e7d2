package dev.rung.app;

import dev.rung.proto.v1.CreateStudyRequest;
import dev.rung.proto.v1.GetStudyRequest;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyServiceGrpc;
import dev.rung.proto.v1.StudyServiceGrpc.StudyServiceBlockingStub;
import dev.rung.trainer.ScriptedTrainer;
import dev.rung.trainer.Trainer;
import dev.rung.trainer.TrainerNode;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A real server on a free loopback port, and a client of it. */
final class RunningServer implements AutoCloseable {
  final Server server;
  final ManagedChannel channel;
  private final List<TrainerNode> nodes = new ArrayList<>();

  RunningServer(Path data, int port, Duration lostAfter) {
    this(new ServerSettings(data, "127.0.0.1", port, lostAfter));
  }

  RunningServer(ServerSettings settings) {
    server = Server.start(settings);
    channel = NettyChannelBuilder.forAddress("127.0.0.1", server.port()).usePlaintext().build();
  }

  StudyServiceBlockingStub studies() {
    return StudyServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  Study create(String file) {
    return studies()
        .createStudy(
            CreateStudyRequest.newBuilder()
                .setFile(file)
                .setFileName("test.yaml")
                .setKey(UUID.randomUUID().toString())
                .build())
        .getStudy();
  }

  Study show(String study) {
    return studies().getStudy(GetStudyRequest.newBuilder().setStudy(study).build()).getStudy();
  }

  /** Waits until a study is as wanted. */
  Study await(String study, Predicate<Study> wanted) throws InterruptedException {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (true) {
      Study now = show(study);
      if (wanted.test(now)) {
        return now;
      }
      if (System.nanoTime() > deadline) {
        throw new AssertionError("the study did not get there: " + now);
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  /** A node with the scripted trainer, which ends before the server. */
  TrainerNode node(String name, int slots) {
    TrainerNode node = nodeThatOutlivesThis(name, slots);
    nodes.add(node);
    return node;
  }

  /** A node with the scripted trainer, which its caller ends. */
  TrainerNode nodeThatOutlivesThis(String name, int slots) {
    return started(name, slots, "scripted", new ScriptedTrainer());
  }

  /** A node with a trainer of the test, which ends before the server. */
  TrainerNode node(String name, int slots, String kind, Trainer trainer) {
    TrainerNode node = started(name, slots, kind, trainer);
    nodes.add(node);
    return node;
  }

  private TrainerNode started(String name, int slots, String kind, Trainer trainer) {
    TrainerNode node =
        TrainerNode.builder()
            .name(name)
            .server("127.0.0.1:" + server.port())
            .slots(slots)
            .kind(kind, trainer)
            .build();
    node.start();
    return node;
  }

  @Override
  public void close() {
    nodes.forEach(TrainerNode::close);
    channel.shutdownNow();
    server.close();
  }
}
