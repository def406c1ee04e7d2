package dev.rung.cli;

import com.google.protobuf.ByteString;
import dev.rung.api.ErrorMapper;
import dev.rung.proto.v1.ControlStudyRequest;
import dev.rung.proto.v1.ControlTrialRequest;
import dev.rung.proto.v1.CountSlotsRequest;
import dev.rung.proto.v1.CreateStudyRequest;
import dev.rung.proto.v1.CreateStudyResponse;
import dev.rung.proto.v1.CreateTokenRequest;
import dev.rung.proto.v1.CreateTokenResponse;
import dev.rung.proto.v1.DrainNodeRequest;
import dev.rung.proto.v1.ExplainTrialRequest;
import dev.rung.proto.v1.ExplainTrialResponse;
import dev.rung.proto.v1.ExportStudyRequest;
import dev.rung.proto.v1.FetchCheckpointRequest;
import dev.rung.proto.v1.FetchCheckpointResponse;
import dev.rung.proto.v1.FleetServiceGrpc;
import dev.rung.proto.v1.GetHealthRequest;
import dev.rung.proto.v1.GetHealthResponse;
import dev.rung.proto.v1.GetStudyRequest;
import dev.rung.proto.v1.GetTrialRequest;
import dev.rung.proto.v1.ListNodesRequest;
import dev.rung.proto.v1.ListStudiesRequest;
import dev.rung.proto.v1.ListStudiesResponse;
import dev.rung.proto.v1.ListTokensRequest;
import dev.rung.proto.v1.ListTokensResponse;
import dev.rung.proto.v1.ListTrialsRequest;
import dev.rung.proto.v1.Node;
import dev.rung.proto.v1.PutMetricRequest;
import dev.rung.proto.v1.ReadTrialLogsRequest;
import dev.rung.proto.v1.ReadTrialLogsResponse;
import dev.rung.proto.v1.RevokeTokenRequest;
import dev.rung.proto.v1.RevokeTokenResponse;
import dev.rung.proto.v1.ServerServiceGrpc;
import dev.rung.proto.v1.SetStudyRequest;
import dev.rung.proto.v1.SetStudyResponse;
import dev.rung.proto.v1.SlotCount;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyAction;
import dev.rung.proto.v1.StudyServiceGrpc;
import dev.rung.proto.v1.StudyServiceGrpc.StudyServiceBlockingStub;
import dev.rung.proto.v1.TokenServiceGrpc;
import dev.rung.proto.v1.TokenServiceGrpc.TokenServiceBlockingStub;
import dev.rung.proto.v1.Trial;
import dev.rung.proto.v1.TrialAction;
import io.grpc.ConnectivityState;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** One server as commands see it; every error comes as a {@link Failure}. */
final class Client implements AutoCloseable {
  private static final int PAGE = 500;
  private static final int MAX_MESSAGE_BYTES = 64 << 20;
  private static final long DEADLINE_SECONDS = 20;

  private final String address;
  private final ManagedChannel channel;

  private Client(String address, ManagedChannel channel) {
    this.address = address;
    this.channel = channel;
  }

  /**
   * A client of a server on a loopback that asks for nothing; it dials with its first call.
   *
   * @param address HOST:PORT
   */
  static Client connect(String address) {
    return connect(new ServerAccess(address, Optional.empty(), Optional.empty(), Optional.empty()));
  }

  /**
   * A client; it dials with its first call.
   *
   * @throws Failure the address or a file is no good
   */
  static Client connect(ServerAccess server) {
    return new Client(
        server.address(), server.dial().maxInboundMessageSize(MAX_MESSAGE_BYTES).build());
  }

  String address() {
    return address;
  }

  CreateStudyResponse create(CreateStudyRequest request) {
    return call(() -> studies().createStudy(request));
  }

  SetStudyResponse set(SetStudyRequest request) {
    return call(() -> studies().setStudy(request));
  }

  Study study(String study) {
    GetStudyRequest request = GetStudyRequest.newBuilder().setStudy(study).build();
    return call(() -> studies().getStudy(request)).getStudy();
  }

  ListStudiesResponse studies(int limit) {
    ListStudiesRequest request = ListStudiesRequest.newBuilder().setLimit(limit).build();
    return call(() -> studies().listStudies(request));
  }

  Study control(String study, StudyAction action) {
    ControlStudyRequest request =
        ControlStudyRequest.newBuilder().setStudy(study).setAction(action).build();
    return call(() -> studies().controlStudy(request)).getStudy();
  }

  Trial control(String study, int trial, TrialAction action) {
    ControlTrialRequest request =
        ControlTrialRequest.newBuilder().setStudy(study).setTrial(trial).setAction(action).build();
    return call(() -> studies().controlTrial(request)).getTrial();
  }

  /** Every trial with a number above {@code after}. */
  List<Trial> trials(String study, long after) {
    List<Trial> all = new ArrayList<>();
    long last = after;
    while (true) {
      ListTrialsRequest request =
          ListTrialsRequest.newBuilder().setStudy(study).setAfter(last).setLimit(PAGE).build();
      List<Trial> page = call(() -> studies().listTrials(request)).getTrialsList();
      all.addAll(page);
      if (page.size() < PAGE) {
        return all;
      }
      last = page.get(page.size() - 1).getNumber();
    }
  }

  /**
   * One trial.
   *
   * @param trial its number; 0: the best
   */
  Trial trial(String study, long trial) {
    GetTrialRequest request = GetTrialRequest.newBuilder().setStudy(study).setTrial(trial).build();
    return call(() -> studies().getTrial(request)).getTrial();
  }

  Trial put(PutMetricRequest request) {
    return call(() -> studies().putMetric(request)).getTrial();
  }

  ExplainTrialResponse explain(String study, long trial) {
    ExplainTrialRequest request =
        ExplainTrialRequest.newBuilder().setStudy(study).setTrial(trial).build();
    return call(() -> studies().explainTrial(request));
  }

  /** Gives every message of a checkpoint to a sink, in order. */
  void fetchCheckpoint(String study, long trial, Consumer<FetchCheckpointResponse> sink) {
    FetchCheckpointRequest request =
        FetchCheckpointRequest.newBuilder().setStudy(study).setTrial(trial).build();
    stream(StudyServiceGrpc.newBlockingStub(channel)::fetchCheckpoint, request, sink);
  }

  /** Gives the lines of a study's history to a sink, in order, however they are cut. */
  void export(String study, Consumer<ByteString> sink) {
    ExportStudyRequest request = ExportStudyRequest.newBuilder().setStudy(study).build();
    stream(
        StudyServiceGrpc.newBlockingStub(channel)::exportStudy,
        request,
        message -> sink.accept(message.getChunk()));
  }

  GetHealthResponse health() {
    return call(() ->
        ServerServiceGrpc.newBlockingStub(channel)
            .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
            .getHealth(GetHealthRequest.getDefaultInstance()));
  }

  /**
   * Gives every part of a trial's log to a sink, in order; may take as long as the trial trains.
   */
  void readLogs(ReadTrialLogsRequest request, Consumer<ReadTrialLogsResponse> sink) {
    Iterator<ReadTrialLogsResponse> messages =
        call(() -> StudyServiceGrpc.newBlockingStub(channel).readTrialLogs(request));
    while (call(messages::hasNext)) {
      sink.accept(messages.next());
    }
  }

  CreateTokenResponse createToken(CreateTokenRequest request) {
    return call(() -> tokens().createToken(request));
  }

  RevokeTokenResponse revokeToken(RevokeTokenRequest request) {
    return call(() -> tokens().revokeToken(request));
  }

  ListTokensResponse listTokens() {
    return call(() -> tokens().listTokens(ListTokensRequest.getDefaultInstance()));
  }

  private TokenServiceBlockingStub tokens() {
    return TokenServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  List<Node> nodes() {
    return call(() ->
            FleetServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .listNodes(ListNodesRequest.getDefaultInstance()))
        .getNodesList();
  }

  List<SlotCount> slots() {
    return call(() ->
            FleetServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .countSlots(CountSlotsRequest.getDefaultInstance()))
        .getCountsList();
  }

  void drain(DrainNodeRequest request) {
    var unused =
        call(() ->
            FleetServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .drainNode(request));
  }

  @Override
  public void close() {
    channel.shutdownNow();
  }

  private StudyServiceBlockingStub studies() {
    return StudyServiceGrpc.newBlockingStub(channel)
        .withDeadlineAfter(DEADLINE_SECONDS, TimeUnit.SECONDS);
  }

  private <Q, T> void stream(Function<Q, Iterator<T>> rpc, Q request, Consumer<T> sink) {
    Iterator<T> messages = call(() -> rpc.apply(request));
    while (call(messages::hasNext)) {
      sink.accept(messages.next());
    }
  }

  private <T> T call(Supplier<T> rpc) {
    try {
      return rpc.get();
    } catch (StatusRuntimeException e) {
      throw failure(e.getStatus());
    }
  }

  private Failure failure(Status status) {
    Optional<String> distrust = ServerAccess.distrust(status);
    if (distrust.filter(Client::asksForACertificate).isPresent()) {
      return new Failure(
          Failure.NOT_ALLOWED,
          "the server at %s takes only clients with a certificate: --cert and --cert-key show one, or RUNG_CERT and RUNG_CERT_KEY"
              .formatted(address));
    }
    if (distrust.isPresent()) {
      return new Failure(
          Failure.NOT_ALLOWED,
          "expected TLS with a server at %s that --ca or RUNG_CA vouches for, but: %s"
              .formatted(address, distrust.get()));
    }
    if (isUnreachable(status)) {
      return new Failure(
          Failure.NO_SERVER,
          "no Rung server at %s: start one with `rung serve`".formatted(address));
    }
    if (status.getCode() == Status.Code.CANCELLED) {
      // Commands cancel nothing themselves: a server that goes away does.
      return new Failure(
          Failure.NO_SERVER, "the server at %s broke the call off; try again".formatted(address));
    }
    String said = status.getDescription();
    return new Failure(
        ErrorMapper.exitCode(status.getCode()),
        said != null ? said : "the server answered " + status.getCode());
  }

  /** The alert of RFC 8446, section 6.2, however a library writes it. */
  private static boolean asksForACertificate(String why) {
    return why.toLowerCase(Locale.ROOT).contains("certificate_required");
  }

  /** A server that answers says no cause; a connection that is not made leaves its own. */
  private boolean isUnreachable(Status status) {
    return switch (status.getCode()) {
      case UNAVAILABLE -> status.getCause() != null;
      case DEADLINE_EXCEEDED -> channel.getState(false) != ConnectivityState.READY;
      case OK,
          CANCELLED,
          UNKNOWN,
          INVALID_ARGUMENT,
          NOT_FOUND,
          ALREADY_EXISTS,
          PERMISSION_DENIED,
          RESOURCE_EXHAUSTED,
          FAILED_PRECONDITION,
          ABORTED,
          OUT_OF_RANGE,
          UNIMPLEMENTED,
          INTERNAL,
          DATA_LOSS,
          UNAUTHENTICATED ->
          false;
    };
  }
}
