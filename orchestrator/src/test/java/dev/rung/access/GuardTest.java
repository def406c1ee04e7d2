package dev.rung.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.Empty;
import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.proto.v1.StudyServiceGrpc;
import dev.rung.proto.v1.TokenServiceGrpc;
import dev.rung.proto.v1.TrainerServiceGrpc;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.protobuf.ProtoUtils;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GuardTest {
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir private Path folder;
  private Instant now = Instant.parse("2026-11-30T12:00:00Z");

  @Test
  void shouldEndAnOpenStreamWhoseTokenIsRevoked() throws Exception {
    Tokens tokens = Tokens.open(folder, () -> now);
    Tokens.Created created = tokens.create(Role.TRAINER, "", "", DAY);
    Guard guard = new Guard(Optional.of(tokens));
    try (GuardedServer server = new GuardedServer(guard, Rpcs.services())) {
      var stream = node(server, created);

      guard.cutWorthless();
      assertThat(guard.open()).isEqualTo(1);
      // By another process, whose change is seen at the next look.
      Tokens.open(folder, () -> now).revoke(created.token().id());
      tokens.refresh();
      guard.cutWorthless();

      assertThat(stream.end().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED);
      assertThat(stream.end().getDescription())
          .isEqualTo("token " + created.token().id() + " was revoked");
      assertThat(server.reached.poll(20, TimeUnit.SECONDS)).isEqualTo("cancelled");
      assertThat(guard.open()).isZero();
    }
  }

  @Test
  void shouldEndAnOpenStreamWhoseTokenExpires() throws Exception {
    Tokens tokens = Tokens.open(folder, () -> now);
    Tokens.Created created = tokens.create(Role.TRAINER, "", "", DAY);
    Guard guard = new Guard(Optional.of(tokens));
    try (GuardedServer server = new GuardedServer(guard, Rpcs.services())) {
      var stream = node(server, created);

      now = now.plus(DAY);
      guard.cutWorthless();

      assertThat(stream.end().getDescription()).endsWith("has expired");
    }
  }

  @Test
  void shouldLetNothingOfANodeThroughThatIsOfAnotherPool() throws Exception {
    Tokens tokens = Tokens.open(folder, () -> now);
    Tokens.Created created = tokens.create(Role.TRAINER, "", "gpus", DAY);
    try (GuardedServer server =
        new GuardedServer(new Guard(Optional.of(tokens)), Rpcs.services())) {
      var wrong = server.open(TrainerServiceGrpc.getConnectMethod(), shown(created));
      assertThat(wrong.end().getCode()).isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(wrong.end().getDescription()).contains("nodes of the pool 'gpus' only");
      assertThat(server.reached.poll(20, TimeUnit.SECONDS)).isEqualTo("cancelled");

      assertThat(
              server
                  .call(
                      TrainerServiceGrpc.getConnectMethod(),
                      shown(created),
                      GuardedServer.hello(NodeMessage.getDefaultInstance(), "gpus"))
                  .isOk())
          .isTrue();
    }
  }

  @Test
  void shouldAskForNothingWhereThereAreNoTokensButForARule() throws Exception {
    MethodDescriptor<Empty, Empty> unruled =
        MethodDescriptor.<Empty, Empty>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName("other.Service/Do")
            .setRequestMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
            .setResponseMarshaller(ProtoUtils.marshaller(Empty.getDefaultInstance()))
            .build();
    ServiceDescriptor other =
        ServiceDescriptor.newBuilder("other.Service").addMethod(unruled).build();
    try (GuardedServer server =
        new GuardedServer(
            new Guard(Optional.empty()),
            List.of(
                other,
                StudyServiceGrpc.getServiceDescriptor(),
                TokenServiceGrpc.getServiceDescriptor()))) {
      assertThat(server.call(unruled, Optional.empty()).getDescription())
          .isEqualTo("expected an rpc with a rule, but it has none");
      assertThat(server.reached).isEmpty();
      // Whoever is on this machine may not make himself an admin of the next server.
      assertThat(server.call(TokenServiceGrpc.getCreateTokenMethod(), Optional.empty()).getCode())
          .isEqualTo(Status.Code.PERMISSION_DENIED);
      assertThat(server.reached).isEmpty();
      assertThat(server.call(StudyServiceGrpc.getCreateStudyMethod(), Optional.empty()).isOk())
          .isTrue();
      assertThat(server.reached).hasSize(1);
    }
  }

  private static GuardedServer.Open<NodeMessage, ServerMessage> node(
      GuardedServer server, Tokens.Created created) throws InterruptedException {
    var stream = server.open(TrainerServiceGrpc.getConnectMethod(), shown(created));
    assertThat(server.reached.poll(20, TimeUnit.SECONDS)).isInstanceOf(NodeMessage.class);
    return stream;
  }

  private static Optional<String> shown(Tokens.Created created) {
    return Optional.of("bearer " + created.secret().text());
  }
}
