package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Duration;
import dev.rung.proto.v1.AskRequest;
import dev.rung.proto.v1.AskResponse;
import dev.rung.proto.v1.Run;
import dev.rung.proto.v1.StudyServiceGrpc;
import dev.rung.proto.v1.StudyServiceGrpc.StudyServiceBlockingStub;
import dev.rung.proto.v1.TellRequest;
import dev.rung.study.StudyStatus;
import dev.rung.study.StudySummary;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What loops are told beside what their sessions say. */
class LoopCallsTest {
  private final TestServer server =
      TestServer.inProcess(checkpoint -> {
        throw new AssertionError("no checkpoint is read");
      });
  private final ManagedChannel channel = server.channel();
  private final StudyServiceBlockingStub stub = StudyServiceGrpc.newBlockingStub(channel);

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.close();
  }

  private void study(StudyStatus status, String reason) {
    StudySummary summary = Samples.summary(status, reason);
    server.reads.studies.add(Samples.row(summary));
    server.studies.show(Samples.ID, summary);
  }

  private static AskRequest.Builder ask() {
    return AskRequest.newBuilder().setStudy(Samples.ID).setClient("me");
  }

  @Test
  void shouldPassOnWhatTheSessionSays() {
    study(StudyStatus.RUNNING, "");
    server.loops.asked =
        AskResponse.newBuilder().setRun(Run.newBuilder().setMilestone(3)).setAckedSeq(2).build();
    assertThat(stub.ask(ask().build())).isEqualTo(server.loops.asked);
  }

  @Test
  void shouldSayWhyThereIsNoTrial() {
    study(StudyStatus.PAUSED, "paused by a client");
    AskResponse response = stub.ask(ask().build());
    assertThat(response.getNothing().getReason())
        .isEqualTo("the study is paused: paused by a client");
    assertThat(response.getNothing().getAskAgainAfter().getSeconds()).isEqualTo(5);
  }

  @Test
  void shouldSayThatTheStudyHasEndedWithoutWakingIt() {
    study(StudyStatus.ENDED, "the target was reached");
    assertThat(stub.ask(ask().build()).getOver().getReason()).isEqualTo("the target was reached");
    assertThat(server.loops.lingers).isEmpty();
  }

  @Test
  void shouldWaitNoLongerThanTheCallDoes() {
    study(StudyStatus.RUNNING, "");
    var unused = stub.ask(ask().build());
    assertThat(server.loops.lingers.getLast()).hasSeconds(1);
    unused = stub.ask(ask().setLinger(Duration.newBuilder().setSeconds(30)).build());
    assertThat(server.loops.lingers.getLast()).hasSeconds(30);
    unused =
        stub.withDeadlineAfter(20, TimeUnit.SECONDS)
            .ask(ask().setLinger(Duration.newBuilder().setSeconds(30)).build());
    assertThat(server.loops.lingers.getLast())
        .isBetween(java.time.Duration.ofSeconds(10), java.time.Duration.ofMillis(19_750));
  }

  @Test
  void shouldNameTheFieldOfABadLinger() {
    study(StudyStatus.RUNNING, "");
    Status status =
        failure(() -> stub.ask(ask().setLinger(Duration.newBuilder().setSeconds(31)).build()));
    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription())
        .isEqualTo("linger: expected 0 to 30 s, but came 31 s and 0 ns");
  }

  @Test
  void shouldKeepARefusalAndCallASilentStudyUnavailable() {
    study(StudyStatus.RUNNING, "");
    TellRequest tell = TellRequest.newBuilder().setStudy(Samples.ID).build();
    server.loops.told =
        CompletableFuture.failedFuture(
            Status.RESOURCE_EXHAUSTED.withDescription("too many").asRuntimeException());
    assertThat(failure(() -> stub.tell(tell)).getDescription()).isEqualTo("too many");
    server.loops.told = CompletableFuture.failedFuture(new TimeoutException());
    assertThat(failure(() -> stub.tell(tell)).getCode()).isEqualTo(Status.Code.UNAVAILABLE);
  }

  private static Status failure(Runnable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call::run).getStatus();
  }
}
