package dev.rung.session;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.fleet.Dispatcher;
import dev.rung.logs.LogSettings;
import dev.rung.logs.LogWriter;
import dev.rung.proto.v1.Heartbeat;
import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.proto.v1.TrainerServiceGrpc;
import dev.rung.study.StudyGateways;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Streams end once, by whichever side, and nothing of them stays. */
final class TrainerServiceTest {
  private final String name = UUID.randomUUID().toString();
  private final ActorTestKit kit = ActorTestKit.create("service");
  private final TrainerService service =
      new TrainerService(
          kit.system(),
          SessionSettings.defaults("file:///c/", "test"),
          kit.<StudyGateways.Command>createTestProbe().ref(),
          kit.<Dispatcher.Command>createTestProbe().ref(),
          Duration.ofSeconds(60),
          () -> Caller.ANYBODY,
          new LogWriter(Path.of("no-logs"), LogSettings.DEFAULTS, System::nanoTime),
          Runnable::run);
  private final CompletableFuture<Status> closed = new CompletableFuture<>();
  private Server server;
  private ManagedChannel channel;
  private StreamObserver<NodeMessage> stream;

  @BeforeEach
  void start() throws Exception {
    server = InProcessServerBuilder.forName(name).addService(service).build().start();
    channel = InProcessChannelBuilder.forName(name).build();
    stream =
        TrainerServiceGrpc.newStub(channel)
            .connect(
                new StreamObserver<>() {
                  @Override
                  public void onNext(ServerMessage message) {
                    // How the stream ends is all that matters.
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
    awaitSessions(1);
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.shutdownNow();
    kit.shutdownTestKit();
  }

  private void awaitSessions(int count) {
    TestProbe<Object> probe = kit.createTestProbe();
    probe.awaitAssert(
        Duration.ofSeconds(10),
        () -> {
          assertThat(service.sessions()).isEqualTo(count);
          return null;
        });
  }

  private Status.Code closedWith() throws Exception {
    return closed.get(10, TimeUnit.SECONDS).getCode();
  }

  @Test
  void shouldForgetAStreamThatTheNodeEnded() throws Exception {
    stream.onCompleted();
    assertThat(closedWith()).isEqualTo(Status.Code.OK);
    awaitSessions(0);
  }

  @Test
  void shouldForgetAStreamThatTheServerEnded() throws Exception {
    stream.onNext(NodeMessage.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()).build());
    assertThat(closedWith()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    awaitSessions(0);
  }

  @Test
  void shouldForgetAStreamThatWasCut() {
    stream.onError(Status.CANCELLED.asRuntimeException());
    awaitSessions(0);
  }

  @Test
  void shouldEndEveryStreamWhenTheServerLeaves() throws Exception {
    service.leave();
    assertThat(closedWith()).isEqualTo(Status.Code.UNAVAILABLE);
    awaitSessions(0);
  }
}
