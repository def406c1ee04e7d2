package dev.rung.app;

import com.google.protobuf.ByteString;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Checkpoint;
import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.Entries;
import dev.rung.proto.v1.Entry;
import dev.rung.proto.v1.Heartbeat;
import dev.rung.proto.v1.Hello;
import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.Point;
import dev.rung.proto.v1.Run;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.proto.v1.TrainerServiceGrpc;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** A node that says exactly what a test tells it to, over a real stream. */
final class RawNode {
  static final Duration PATIENCE = Duration.ofSeconds(20);

  private final BlockingQueue<ServerMessage> heard = new LinkedBlockingQueue<>();
  private final CompletableFuture<Status> closed = new CompletableFuture<>();
  private final StreamObserver<NodeMessage> stream;

  RawNode(Channel channel) {
    stream =
        TrainerServiceGrpc.newStub(channel)
            .connect(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerMessage message) {
                    heard.add(message);
                  }

                  @Override
                  public void onError(Throwable error) {
                    closed.complete(Status.fromThrowable(error));
                  }

                  @Override
                  public void onCompleted() {
                    closed.complete(Status.OK);
                  }
                });
  }

  static Hello.Builder hello(String node) {
    return Hello.newBuilder()
        .setProtocol(1)
        .setNode(node)
        .setIncarnation(1)
        .setConnection(1)
        .setSlots(1)
        .addKinds("scripted");
  }

  RawNode say(Hello.Builder hello) {
    return say(NodeMessage.newBuilder().setHello(hello).build());
  }

  RawNode say(NodeMessage message) {
    stream.onNext(message);
    return this;
  }

  RawNode say(AttemptRef attempt, long firstSeq, Entry... entries) {
    Entries.Builder message = Entries.newBuilder().setAttempt(attempt).setFirstSeq(firstSeq);
    for (Entry entry : entries) {
      message.addEntries(entry);
    }
    return say(NodeMessage.newBuilder().setEntries(message).build());
  }

  static Entry point(long step, double value) {
    return Entry.newBuilder()
        .setPoint(Point.newBuilder().setStep(step).putMetrics("score", value))
        .build();
  }

  static Entry checkpoint(Run run, long step) {
    return Entry.newBuilder()
        .setCheckpoint(
            Checkpoint.newBuilder()
                .setStep(step)
                .setPlace(run.getCheckpointPrefix() + step)
                .setBytes(1)
                .setDigest(ByteString.copyFrom(new byte[32])))
        .build();
  }

  static Entry ended(dev.rung.proto.v1.Cause cause) {
    return Entry.newBuilder().setEnded(Ended.newBuilder().setCause(cause)).build();
  }

  /** The next message of a kind; others before it are skipped. */
  ServerMessage await(Predicate<ServerMessage> wanted) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (true) {
      ServerMessage message = heard.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (message == null) {
        throw new AssertionError("the message did not come; the stream is " + closed);
      }
      if (wanted.test(message)) {
        return message;
      }
    }
  }

  /** The next attempt to begin. Until it comes the node gives signs of life. */
  Run awaitRun() throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    Optional<Run> run = pollRun();
    while (run.isEmpty() && System.nanoTime() < deadline && !closed.isDone()) {
      say(NodeMessage.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()).build());
      run = pollRun();
    }
    return run.orElseThrow(() -> new AssertionError("no attempt came; the stream is " + closed));
  }

  /** The next attempt to begin, if one comes soon. */
  Optional<Run> pollRun() throws InterruptedException {
    ServerMessage message = heard.poll(100, TimeUnit.MILLISECONDS);
    while (message != null && !message.hasRun()) {
      message = heard.poll(100, TimeUnit.MILLISECONDS);
    }
    return Optional.ofNullable(message).map(ServerMessage::getRun);
  }

  /** How the server closed the stream. */
  Status awaitClosed() throws Exception {
    return closed.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  void leave() {
    stream.onCompleted();
  }
}
