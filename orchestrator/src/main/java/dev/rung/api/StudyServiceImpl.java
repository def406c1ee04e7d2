package dev.rung.api;

import dev.rung.fleet.Fleet;
import dev.rung.fleet.Prospect;
import dev.rung.logs.LogReader;
import dev.rung.proto.v1.AskRequest;
import dev.rung.proto.v1.AskResponse;
import dev.rung.proto.v1.ControlStudyRequest;
import dev.rung.proto.v1.ControlStudyResponse;
import dev.rung.proto.v1.ControlTrialRequest;
import dev.rung.proto.v1.ControlTrialResponse;
import dev.rung.proto.v1.CreateStudyRequest;
import dev.rung.proto.v1.CreateStudyResponse;
import dev.rung.proto.v1.ExplainTrialRequest;
import dev.rung.proto.v1.ExplainTrialResponse;
import dev.rung.proto.v1.ExportStudyRequest;
import dev.rung.proto.v1.ExportStudyResponse;
import dev.rung.proto.v1.FetchCheckpointRequest;
import dev.rung.proto.v1.FetchCheckpointResponse;
import dev.rung.proto.v1.GetStudyRequest;
import dev.rung.proto.v1.GetStudyResponse;
import dev.rung.proto.v1.GetTrialRequest;
import dev.rung.proto.v1.GetTrialResponse;
import dev.rung.proto.v1.ListStudiesRequest;
import dev.rung.proto.v1.ListStudiesResponse;
import dev.rung.proto.v1.ListTrialsRequest;
import dev.rung.proto.v1.ListTrialsResponse;
import dev.rung.proto.v1.PutMetricRequest;
import dev.rung.proto.v1.PutMetricResponse;
import dev.rung.proto.v1.ReadTrialLogsRequest;
import dev.rung.proto.v1.ReadTrialLogsResponse;
import dev.rung.proto.v1.SetStudyRequest;
import dev.rung.proto.v1.SetStudyResponse;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyAction;
import dev.rung.proto.v1.StudyServiceGrpc;
import dev.rung.proto.v1.TellRequest;
import dev.rung.proto.v1.TellResponse;
import dev.rung.proto.v1.TrialAction;
import dev.rung.storage.History;
import dev.rung.storage.ReadSide;
import dev.rung.study.EndReason;
import dev.rung.study.ErrorCode;
import dev.rung.study.Studies;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyReply;
import dev.rung.study.StudyStatus;
import dev.rung.study.StudySummary;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;

/** Studies and trials as clients see them. No call blocks a gRPC thread. */
public final class StudyServiceImpl extends StudyServiceGrpc.StudyServiceImplBase {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  /** What the fleet says of a study is not worth more waiting. */
  private static final Duration PROSPECT = Duration.ofSeconds(1);

  private final Studies studies;
  private final Fleet fleet;
  private final StudyLookup lookup;
  private final TrialReads trials;
  private final StudyLists lists;
  private final StudyCreator creator;
  private final StudyChanger changer;
  private final History history;
  private final Checkpoints checkpoints;
  private final TrialLogs logs;
  private final LoopCalls loops;
  private final Executor executor;
  private final InstantSource clock;

  /**
   * A service.
   *
   * @param secret of this server, at least 16 bytes, the same for the life of its data: with the
   *     key of a create request it gives the study's id
   * @param executor for what blocks on the database or on files
   * @param clock tells how long a study has run so far
   */
  public StudyServiceImpl(
      Studies studies,
      ReadSide reads,
      History history,
      Fleet fleet,
      Checkpoints checkpoints,
      LogReader logs,
      Loops loops,
      byte[] secret,
      Executor executor,
      InstantSource clock) {
    this(
        studies,
        reads,
        history,
        fleet,
        checkpoints,
        logs,
        loops,
        secret,
        executor,
        clock,
        PATIENCE);
  }

  StudyServiceImpl(
      Studies studies,
      ReadSide reads,
      History history,
      Fleet fleet,
      Checkpoints checkpoints,
      LogReader logs,
      Loops loops,
      byte[] secret,
      Executor executor,
      InstantSource clock,
      Duration patience) {
    this.studies = studies;
    this.fleet = fleet;
    this.lookup = new StudyLookup(studies, reads, executor, patience);
    this.trials = new TrialReads(lookup, reads);
    this.lists = new StudyLists(lookup, reads, clock);
    this.creator = new StudyCreator(new StudyKeys(secret), fleet, lookup, reads);
    this.changer = new StudyChanger(lookup, reads);
    this.history = history;
    this.checkpoints = checkpoints;
    this.logs = new TrialLogs(trials, reads, logs, executor, clock);
    this.loops = new LoopCalls(lookup, loops);
    this.executor = executor;
    this.clock = clock;
  }

  @Override
  public void createStudy(
      CreateStudyRequest request, StreamObserver<CreateStudyResponse> observer) {
    Unary.answer(
        observer,
        () ->
            creator
                .draft(request)
                .thenCompose(draft ->
                    send(draft.command().study(), draft.command())
                        .thenCompose(lookup::caughtUp)
                        .thenCombine(
                            creator.warnings(draft),
                            (study, warnings) -> created(study, draft, warnings))));
  }

  @Override
  public void setStudy(SetStudyRequest request, StreamObserver<SetStudyResponse> observer) {
    Unary.answer(
        observer,
        () ->
            changer
                .draft(request)
                .thenCompose(draft ->
                    send(draft.study(), draft.command())
                        .thenCompose(lookup::caughtUp)
                        .thenApply(study ->
                            SetStudyResponse.newBuilder()
                                .setStudy(toProto(study))
                                .addAllWarnings(draft.warnings())
                                .build())));
  }

  @Override
  public void getStudy(GetStudyRequest request, StreamObserver<GetStudyResponse> observer) {
    Unary.answer(
        observer,
        () ->
            lookup
                .summary(request.getStudy())
                .thenCompose(study ->
                    prospect(study)
                        .thenApply(prospect ->
                            GetStudyResponse.newBuilder()
                                .setStudy(StudyMapper.toProto(study, prospect, clock.millis()))
                                .build())));
  }

  @Override
  public void listStudies(
      ListStudiesRequest request, StreamObserver<ListStudiesResponse> observer) {
    Unary.answer(observer, () -> lists.newest(request));
  }

  @Override
  public void controlStudy(
      ControlStudyRequest request, StreamObserver<ControlStudyResponse> observer) {
    Unary.answer(
        observer,
        () -> {
          StudyCommand command = command(request.getAction());
          return lookup
              .find(request.getStudy())
              .thenCompose(row -> send(row.id(), command))
              .thenApply(
                  study -> ControlStudyResponse.newBuilder().setStudy(toProto(study)).build());
        });
  }

  @Override
  public void listTrials(ListTrialsRequest request, StreamObserver<ListTrialsResponse> observer) {
    Unary.answer(observer, () -> trials.list(request));
  }

  @Override
  public void getTrial(GetTrialRequest request, StreamObserver<GetTrialResponse> observer) {
    Unary.answer(
        observer,
        () ->
            trials
                .find(request.getStudy(), request.getTrial())
                .thenApply(
                    found -> GetTrialResponse.newBuilder().setTrial(found.toProto()).build()));
  }

  @Override
  public void controlTrial(
      ControlTrialRequest request, StreamObserver<ControlTrialResponse> observer) {
    Unary.answer(
        observer,
        () ->
            trials
                .find(request.getStudy(), request.getTrial())
                .thenCompose(found ->
                    send(found.study().id(), command(request.getAction(), found.row().number()))
                        .thenCompose(study -> trials.find(study.id(), found.row().number())))
                .thenApply(
                    found -> ControlTrialResponse.newBuilder().setTrial(found.toProto()).build()));
  }

  @Override
  public void putMetric(PutMetricRequest request, StreamObserver<PutMetricResponse> observer) {
    Unary.answer(
        observer,
        () -> {
          StudyCommand.PutMetric command = Scores.command(request);
          return lookup
              .find(request.getStudy())
              .thenCompose(row -> send(row.id(), command))
              .thenCompose(study -> trials.find(study, command.trial()))
              .thenApply(found -> PutMetricResponse.newBuilder().setTrial(found.toProto()).build());
        });
  }

  @Override
  public void explainTrial(
      ExplainTrialRequest request, StreamObserver<ExplainTrialResponse> observer) {
    Unary.answer(observer, () -> trials.explain(request));
  }

  @Override
  public void fetchCheckpoint(
      FetchCheckpointRequest request, StreamObserver<FetchCheckpointResponse> observer) {
    ChunkStream<FetchCheckpointResponse> stream = stream(observer);
    trials
        .find(request.getStudy(), request.getTrial())
        .thenAcceptAsync(
            found ->
                stream.send(
                    new CheckpointChunks(
                        found.row().number(),
                        found.checkpoint(),
                        checkpoints.open(found.checkpoint()))),
            executor)
        .exceptionally(failure -> {
          Unary.fail(observer, failure);
          return null;
        });
  }

  @Override
  public void readTrialLogs(
      ReadTrialLogsRequest request, StreamObserver<ReadTrialLogsResponse> observer) {
    logs.read(request, (ServerCallStreamObserver<ReadTrialLogsResponse>) observer);
  }

  @Override
  public void exportStudy(
      ExportStudyRequest request, StreamObserver<ExportStudyResponse> observer) {
    ChunkStream<ExportStudyResponse> stream = stream(observer);
    lookup
        .find(request.getStudy())
        .thenAccept(row -> stream.send(new ExportChunks(history, row.id())))
        .exceptionally(failure -> {
          Unary.fail(observer, failure);
          return null;
        });
  }

  @Override
  public void ask(AskRequest request, StreamObserver<AskResponse> observer) {
    Unary.answer(observer, () -> loops.ask(request));
  }

  @Override
  public void tell(TellRequest request, StreamObserver<TellResponse> observer) {
    Unary.answer(observer, () -> loops.tell(request));
  }

  private <T> ChunkStream<T> stream(StreamObserver<T> observer) {
    return new ChunkStream<>((ServerCallStreamObserver<T>) observer, executor);
  }

  /** Sends a command that a client gave and brings the study as it is after it. */
  private CompletableFuture<StudySummary> send(String study, StudyCommand command) {
    return lookup
        .answer(studies.send(study, command))
        .thenCompose(reply ->
            switch (reply) {
              case StudyReply.Done done -> lookup.show(study);
              case StudyReply.Rejected rejected ->
                  CompletableFuture.failedFuture(
                      new ApiException(rejected.code(), rejected.message()));
              case StudyReply.Used r -> throw unexpected(command, r);
              case StudyReply.Declined r -> throw unexpected(command, r);
              case StudyReply.Taken r -> throw unexpected(command, r);
              case StudyReply.Attached r -> throw unexpected(command, r);
              case StudyReply.Recalled r -> throw unexpected(command, r);
            });
  }

  private static StudyCommand command(StudyAction action) {
    return switch (action) {
      case STUDY_ACTION_PAUSE -> new StudyCommand.Pause("paused by a client");
      case STUDY_ACTION_RESUME -> new StudyCommand.Resume();
      case STUDY_ACTION_STOP -> new StudyCommand.Stop(EndReason.STOPPED, false);
      case STUDY_ACTION_CANCEL -> new StudyCommand.Stop(EndReason.CANCELLED, true);
      case STUDY_ACTION_UNSPECIFIED, UNRECOGNIZED ->
          throw new ApiException(
              ErrorCode.INVALID, "action: expected PAUSE, RESUME, STOP or CANCEL, but came none");
    };
  }

  private static StudyCommand command(TrialAction action, int trial) {
    return switch (action) {
      case TRIAL_ACTION_STOP -> new StudyCommand.StopTrial(trial, "stopped by a client");
      case TRIAL_ACTION_RETRY -> new StudyCommand.RetryTrial(trial);
      case TRIAL_ACTION_UNSPECIFIED, UNRECOGNIZED ->
          throw new ApiException(
              ErrorCode.INVALID, "action: expected STOP or RETRY, but came none");
    };
  }

  private CreateStudyResponse created(
      StudySummary study, StudyCreator.Draft draft, List<String> warnings) {
    return CreateStudyResponse.newBuilder()
        .setStudy(toProto(study))
        .addAllWarnings(warnings)
        .addAllChanged(draft.changed())
        .addAllNotes(draft.notes())
        .build();
  }

  /** How a study fares, as far as the fleet says so soon. */
  private CompletableFuture<Prospect> prospect(StudySummary study) {
    return study.status() == StudyStatus.ENDED
        ? CompletableFuture.completedFuture(Prospect.UNKNOWN)
        : fleet
            .prospect(study.id())
            .toCompletableFuture()
            .completeOnTimeout(Prospect.UNKNOWN, PROSPECT.toMillis(), TimeUnit.MILLISECONDS)
            .exceptionally(failure -> Prospect.UNKNOWN);
  }

  private Study toProto(StudySummary study) {
    return StudyMapper.toProto(study, clock.millis());
  }

  private static IllegalStateException unexpected(StudyCommand command, StudyReply reply) {
    return new IllegalStateException(
        "expected %s to be done or rejected, but came %s".formatted(command, reply));
  }
}
