package dev.rung.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.access.AccessException;
import dev.rung.access.CertificateAuthority;
import dev.rung.access.Role;
import dev.rung.access.Rpcs;
import dev.rung.access.Secret;
import dev.rung.access.Security;
import dev.rung.access.TlsFiles;
import dev.rung.access.Tokens;
import dev.rung.proto.v1.CreateStudyRequest;
import dev.rung.proto.v1.CreateTokenRequest;
import dev.rung.proto.v1.FleetServiceGrpc;
import dev.rung.proto.v1.GetStudyRequest;
import dev.rung.proto.v1.GetTrialRequest;
import dev.rung.proto.v1.ListNodesRequest;
import dev.rung.proto.v1.ListStudiesRequest;
import dev.rung.proto.v1.RevokeTokenRequest;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyServiceGrpc;
import dev.rung.proto.v1.StudyServiceGrpc.StudyServiceBlockingStub;
import dev.rung.proto.v1.StudyState;
import dev.rung.proto.v1.TokenServiceGrpc;
import dev.rung.trainer.ScriptedTrainer;
import dev.rung.trainer.TrainerNode;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServiceDescriptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole server with TLS and tokens, and whoever may call it. */
class SecuredServerTest {
  private static final String CANARY = "rung_canary-7f3a-canary";

  /** Every caller is told to dial anew after a second, and cut after five; a day is usual. */
  private static final GrpcSettings LIMITS =
      GrpcSettings.DEFAULTS.aged(Duration.ofSeconds(1), Duration.ofSeconds(4));

  private static final String STUDY =
      """
      name: secured
      metric: {name: loss, goal: minimize}
      resource: {min: 9, max: 9}
      budget: {trials: %d}
      space:
        x: {min: 0.0, max: 1.0}
      trainer: {kind: scripted, config: {curve: power%s}}
      """;

  @TempDir private static Path folder;
  private static CertificateAuthority authority;
  private static Server server;
  private static ManagedChannel channel;
  private static Tokens tokens;
  private static String admin;

  @BeforeAll
  static void start() throws Exception {
    authority = new CertificateAuthority(folder.resolve("certs"));
    authority.create();
    authority.certifyServer(List.of("localhost", "127.0.0.1"));
    Path data = Files.createDirectories(folder.resolve("data"));
    tokens = Tokens.open(data, Clock.systemUTC());
    admin = tokens.create(Role.ADMIN, "", "", Duration.ofDays(1)).secret().text();
    server =
        Server.start(
            new ServerSettings(data, "127.0.0.1", 0, Duration.ofSeconds(60))
                .protectedBy(
                    new Security(
                        Optional.of(
                            new TlsFiles(
                                authority.serverCertificate(),
                                authority.serverKey(),
                                Optional.empty())),
                        true))
                .within(LIMITS));
    channel =
        Grpc.newChannelBuilder(
                "127.0.0.1:" + server.port(),
                TlsChannelCredentials.newBuilder()
                    .trustManager(authority.authorityCertificate().toFile())
                    .build())
            .build();
  }

  @AfterAll
  static void end() {
    channel.shutdownNow();
    server.close();
  }

  @Test
  void shouldServeEveryServiceOfTheProtocolBehindTheGuard() {
    assertThat(server.services())
        .extracting(ServerServiceDefinition::getServiceDescriptor)
        .extracting(ServiceDescriptor::getName)
        .containsExactlyInAnyOrderElementsOf(
            Rpcs.services().stream().map(ServiceDescriptor::getName).toList());
    assertThatThrownBy(() ->
            StudyServiceGrpc.newBlockingStub(channel).createStudy(create(STUDY.formatted(1, ""))))
        .isInstanceOfSatisfying(
            StatusRuntimeException.class,
            e -> assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAUTHENTICATED));
  }

  @Test
  void shouldRefuseToBeReachedWithoutProtection() {
    Security tokensOnly = new Security(Optional.empty(), true);
    for (Security security : List.of(Security.NONE, tokensOnly)) {
      assertThatThrownBy(() ->
              Server.start(
                  new ServerSettings(folder.resolve("x"), "0.0.0.0", 0, Duration.ofSeconds(60))
                      .protectedBy(security)))
          .isInstanceOf(AccessException.class)
          .hasMessageContaining("expected TLS and tokens for a server off loopback");
    }
    assertThat(folder.resolve("x")).doesNotExist();
  }

  /** Trials take longer than connections live: none of them begins a second attempt. */
  @Test
  void shouldLoseNoAttemptWhereConnectionsAreMadeAnew() throws Exception {
    String trainer = secret(Role.TRAINER, "");
    try (TrainerNode node = node("lasting", trainer, "")) {
      await(node::isConnected);
      Study study =
          studies(admin).createStudy(create(STUDY.formatted(2, ", step_seconds: 0.9"))).getStudy();
      await(() -> !node.isConnected());
      await(node::isConnected);
      await(() -> show(study).getState() == StudyState.STUDY_STATE_ENDED);
      for (int trial = 1; trial <= 2; trial++) {
        assertThat(
                studies(admin)
                    .getTrial(
                        GetTrialRequest.newBuilder()
                            .setStudy(study.getId())
                            .setTrial(trial)
                            .build())
                    .getTrial()
                    .getAttemptsCount())
            .isEqualTo(1);
      }
    }
  }

  @Test
  void shouldThrowOutANodeWhoseTokenIsRevokedWithinFiveSeconds() throws Exception {
    String trainer = secret(Role.TRAINER, "cpus");
    String id = tokens.find(Secret.of(trainer)).orElseThrow().id();
    try (TrainerNode node = node("revoked", trainer, "cpus")) {
      await(node::isConnected);
      long before = System.nanoTime();
      with(TokenServiceGrpc.newBlockingStub(channel), admin)
          .revokeToken(RevokeTokenRequest.newBuilder().setId(id).build());
      await(() -> nodes().isEmpty());
      assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(5));
      assertThat(
              refusal(() ->
                  with(StudyServiceGrpc.newBlockingStub(channel), trainer)
                      .listStudies(ListStudiesRequest.getDefaultInstance())))
          .isEqualTo("token " + id + " was revoked");
    }
  }

  @Test
  void shouldTakeNoNodeOfAnotherPool() throws Exception {
    String trainer = secret(Role.TRAINER, "gpus");
    try (TrainerNode wrong = node("wrong", trainer, "cpus");
        TrainerNode right = node("right", trainer, "gpus")) {
      await(right::isConnected);
      assertThat(nodes()).contains("right").doesNotContain("wrong");
      assertThat(wrong.isConnected()).isFalse();
    }
  }

  @Test
  void shouldTellNobodyATokenThatSomebodyShows() {
    for (String shown : List.of(CANARY, CANARY + "x".repeat(200))) {
      String told =
          refusal(() ->
              with(StudyServiceGrpc.newBlockingStub(channel), shown)
                  .getStudy(GetStudyRequest.newBuilder().setStudy("x").build()));
      assertThat(told).contains("expected a token of this server").doesNotContain("canary");
    }
    assertThatThrownBy(() -> TrainerNode.builder().token(CANARY + " " + CANARY))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("canary");
  }

  @Test
  void shouldMakeTokensThroughTheServer() {
    var made =
        with(TokenServiceGrpc.newBlockingStub(channel), admin)
            .createToken(
                CreateTokenRequest.newBuilder()
                    .setRole(dev.rung.proto.v1.Role.ROLE_VIEWER)
                    .setName("ann")
                    .build());
    assertThat(studies(made.getSecret()).listStudies(ListStudiesRequest.getDefaultInstance()))
        .isNotNull();
    assertThat(refusal(() -> studies(made.getSecret()).createStudy(create(STUDY.formatted(1, "")))))
        .contains("has the role viewer, which may not call rung.v1.StudyService/CreateStudy");
  }

  private static String secret(Role role, String pool) {
    String secret = tokens.create(role, "", pool, Duration.ofDays(1)).secret().text();
    // The server sees the file within a second.
    try {
      Duration longest = Duration.ofSeconds(5);
      long until = System.nanoTime() + longest.toNanos();
      while (!isKnown(secret) && System.nanoTime() < until) {
        TimeUnit.MILLISECONDS.sleep(20);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return secret;
  }

  private static boolean isKnown(String secret) {
    try {
      studies(secret).listStudies(ListStudiesRequest.getDefaultInstance());
      return true;
    } catch (StatusRuntimeException e) {
      return e.getStatus().getCode() != Status.Code.UNAUTHENTICATED;
    }
  }

  private static TrainerNode node(String name, String token, String pool) {
    TrainerNode node =
        TrainerNode.builder()
            .name(name)
            .server("127.0.0.1:" + server.port())
            .tls(authority.authorityCertificate())
            .token(token)
            .pool(pool)
            .slots(2)
            .kind("scripted", new ScriptedTrainer())
            .build();
    node.start();
    return node;
  }

  private static List<String> nodes() {
    return with(FleetServiceGrpc.newBlockingStub(channel), admin)
        .listNodes(ListNodesRequest.getDefaultInstance())
        .getNodesList()
        .stream()
        .map(dev.rung.proto.v1.Node::getName)
        .toList();
  }

  private static Study show(Study study) {
    return studies(admin)
        .getStudy(GetStudyRequest.newBuilder().setStudy(study.getId()).build())
        .getStudy();
  }

  private static CreateStudyRequest create(String file) {
    return CreateStudyRequest.newBuilder()
        .setFile(file)
        .setFileName("test.yaml")
        .setKey(UUID.randomUUID().toString())
        .build();
  }

  private static StudyServiceBlockingStub studies(String token) {
    return with(StudyServiceGrpc.newBlockingStub(channel), token);
  }

  private static <S extends AbstractStub<S>> S with(S stub, String token) {
    Metadata headers = new Metadata();
    headers.put(
        Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
    return stub.withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))
        .withDeadlineAfter(20, TimeUnit.SECONDS);
  }

  private static String refusal(Callable<?> call) {
    try {
      throw new AssertionError("expected a refusal, but came " + call.call());
    } catch (StatusRuntimeException e) {
      return String.valueOf(e.getStatus().getDescription());
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  private static void await(Callable<Boolean> wanted) throws Exception {
    long deadline = System.nanoTime() + Duration.ofSeconds(60).toNanos();
    while (!wanted.call()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(5);
    }
  }
}
