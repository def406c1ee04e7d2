package dev.rung.access;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.StudyServiceGrpc;
import dev.rung.proto.v1.TrainerServiceGrpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class FirstMessageTest {
  private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);

  @AfterEach
  void end() {
    timer.shutdownNow();
  }

  private GuardedServer server(Duration patience) throws Exception {
    timer.setRemoveOnCancelPolicy(true);
    return new GuardedServer(new FirstMessage(patience, timer), Rpcs.services());
  }

  @Test
  void shouldEndACallThatSaysNothing() throws Exception {
    List<MethodDescriptor<?, ?>> rpcs =
        List.of(TrainerServiceGrpc.getConnectMethod(), StudyServiceGrpc.getListStudiesMethod());
    try (GuardedServer server = server(Duration.ofMillis(50))) {
      for (MethodDescriptor<?, ?> rpc : rpcs) {
        Status status = server.begin(rpc, new Metadata()).end();
        assertThat(status.getCode()).isEqualTo(Status.Code.DEADLINE_EXCEEDED);
        assertThat(status.getDescription()).startsWith("expected a first message within ");
        assertThat(server.reached.poll(20, TimeUnit.SECONDS)).isEqualTo("cancelled");
      }
    }
  }

  @Test
  void shouldLeaveACallAloneOnceItHasSaidSomething() throws Exception {
    try (GuardedServer server = server(Duration.ofHours(1))) {
      var open = server.open(TrainerServiceGrpc.getConnectMethod(), Optional.empty());
      assertThat(server.reached.poll(20, TimeUnit.SECONDS)).isInstanceOf(NodeMessage.class);
      assertThat(timer.getQueue()).isEmpty();
      open.call.halfClose();
      assertThat(open.end().isOk()).isTrue();
    }
  }
}
