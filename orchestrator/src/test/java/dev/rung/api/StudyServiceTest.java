package dev.rung.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rung.checkpoint.Stores;
import dev.rung.fleet.NodeInfo;
import dev.rung.proto.v1.ControlStudyRequest;
import dev.rung.proto.v1.CreateStudyRequest;
import dev.rung.proto.v1.CreateStudyResponse;
import dev.rung.proto.v1.ExplainTrialRequest;
import dev.rung.proto.v1.GetStudyRequest;
import dev.rung.proto.v1.GetTrialRequest;
import dev.rung.proto.v1.ListStudiesRequest;
import dev.rung.proto.v1.ListStudiesResponse;
import dev.rung.proto.v1.ListTrialsRequest;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyAction;
import dev.rung.proto.v1.StudyServiceGrpc;
import dev.rung.proto.v1.StudyServiceGrpc.StudyServiceBlockingStub;
import dev.rung.proto.v1.StudyState;
import dev.rung.proto.v1.Trial;
import dev.rung.proto.v1.Value.KindCase;
import dev.rung.proto.v1.Verdict;
import dev.rung.study.EndReason;
import dev.rung.study.ErrorCode;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyReply;
import dev.rung.study.StudyStatus;
import dev.rung.study.StudySummary;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StudyServiceTest {
  private static final String FILE =
      """
      name: digits
      metric: {name: val_accuracy, goal: maximize}
      resource: {unit: epoch, max: 9}
      budget: {trials: 4}
      space:
        learning_rate: {min: 1.0e-4, max: 1.0, log: true}
      trainer: {kind: dl4j-image}
      """;

  @TempDir Path root;
  private TestServer server;
  private ManagedChannel channel;
  private StudyServiceBlockingStub stub;

  @BeforeEach
  void start() {
    server = TestServer.inProcess(new StoreCheckpoints(Set.of(Stores.base(root.toString()))));
    channel = server.channel();
    stub = StudyServiceGrpc.newBlockingStub(channel);
  }

  @AfterEach
  void stop() {
    channel.shutdownNow();
    server.close();
  }

  @Test
  void shouldGiveTheSameStudyWhenAKeyIsRepeated() {
    server.studies.reply = this::createdAs;

    String first = create("k1", FILE).getStudy().getId();
    create("k1", FILE);
    create("k2", FILE);

    assertThat(first).hasSize(26).matches("[a-z2-7]+");
    List<StudyCommand.Create> sent = creates();
    assertThat(sent.get(0)).isEqualTo(sent.get(1));
    assertThat(sent.get(2).study()).isNotEqualTo(first);
    assertThat(sent.get(2).plan().seed()).isNotEqualTo(sent.get(0).plan().seed());
  }

  @Test
  void shouldReplaceTheBudgetAndSayItInTheSourceWhenTrialsAreGiven() {
    server.studies.reply = this::createdAs;

    stub.createStudy(
        CreateStudyRequest.newBuilder().setFile(FILE).setKey("k").setTrials(20).build());

    StudyCommand.Create create = creates().get(0);
    assertThat(create.plan().budget().trials()).hasValue(20);
    assertThat(create.source())
        .contains("budget:\n  trials: 20\n")
        .contains("learning_rate: {min: 1.0e-4, max: 1.0, log: true}");
  }

  @Test
  void shouldNameEveryErrorWhenTheFileIsBad() {
    StatusRuntimeException e =
        failure(() -> create("k", FILE.replace("max: 9", "max: 0").replace("goal:", "gaol:")));

    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(e.getStatus().getDescription()).contains("a.yaml:2:").contains("a.yaml:3:");
    assertThat(server.studies.sent).isEmpty();
  }

  @Test
  void shouldCountTheErrorsThatDoNotFitAHeader() {
    // 20 unknown keys of 60 characters that take 6 bytes each in a header: more than 7,000 bytes.
    StringBuilder file = new StringBuilder(FILE);
    for (int i = 10; i < 30; i++) {
      file.append("é".repeat(60)).append(i).append(": 1\n");
    }

    StatusRuntimeException e = failure(() -> create("k", file.toString()));

    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(e.getStatus().getDescription()).containsPattern("\n\\.\\.\\. and \\d+ more$");
  }

  @Test
  void shouldRefuseWhatBreaksALimit() {
    assertInvalid(() -> create("", FILE), "key: expected 1 to 128 characters, but came 0");
    assertInvalid(() -> create("k".repeat(129), FILE), "key: expected 1 to 128");
    assertInvalid(() -> create("k", "#".repeat(256 * 1024 + 1)), "file: expected at most 256 KiB");
    assertInvalid(() -> create("k", "é".repeat(128 * 1024 + 1)), "file: expected at most 256 KiB");
    assertInvalid(() -> get("x".repeat(129)), "study: expected 1 to 128 characters");
    assertInvalid(
        () -> stub.listTrials(ListTrialsRequest.newBuilder().setLimit(1001).build()),
        "limit: expected 0 to 1,000, but came 1,001");
    assertInvalid(
        () -> stub.listStudies(ListStudiesRequest.newBuilder().setLimit(-1).build()), "limit:");
    assertInvalid(
        () -> stub.createStudy(request("k", FILE).toBuilder().setTrials(0).build()),
        "trials: expected 1 to 100,000, but came 0");
    assertThat(server.studies.sent).isEmpty();
  }

  @Test
  void shouldWarnWhenNoNodeHasTheKindOfTrainer() {
    server.studies.reply = this::createdAs;
    assertThat(create("k", FILE).getWarningsList())
        .containsExactly(
            "trainer.kind: no connected node has a trainer of kind dl4j-image, the study waits for"
                + " one; offered: none");

    server.nodes.add(
        new NodeInfo("n", 1, 0, List.of("dl4j-image"), "", Map.of(), 0, false, 1, "test"));
    assertThat(create("k", FILE).getWarningsList()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(ErrorCode.class)
  void shouldTellEveryRefusalByItsCode(ErrorCode code) {
    server.reads.studies.add(Samples.row(Samples.fresh()));
    server.studies.reply = (study, command) -> new StudyReply.Rejected(code, "because");

    StatusRuntimeException e = failure(() -> control(StudyAction.STUDY_ACTION_PAUSE));

    assertThat(e.getStatus().getCode()).isEqualTo(ErrorMapper.grpc(code));
    assertThat(e.getStatus().getDescription()).isEqualTo("because");
  }

  @Test
  void shouldSendTheCommandOfEachAction() {
    server.reads.studies.add(Samples.row(Samples.fresh()));
    server.studies.show(Samples.ID, Samples.fresh());

    control(StudyAction.STUDY_ACTION_PAUSE);
    control(StudyAction.STUDY_ACTION_RESUME);
    control(StudyAction.STUDY_ACTION_STOP);
    control(StudyAction.STUDY_ACTION_CANCEL);

    assertThat(server.studies.sent)
        .containsExactly(
            new StudyCommand.Pause("paused by a client"),
            new StudyCommand.Resume(),
            new StudyCommand.Stop(EndReason.STOPPED, false),
            new StudyCommand.Stop(EndReason.CANCELLED, true));
    assertInvalid(() -> control(StudyAction.STUDY_ACTION_UNSPECIFIED), "action:");
  }

  @Test
  void shouldReadAnEndedStudyFromTheTablesOnly() {
    StudySummary ended = Samples.summary(StudyStatus.ENDED, "every trial of the budget has run");
    server.reads.studies.add(Samples.row(ended));

    Study study = get("aaaa");

    assertThat(study.getState()).isEqualTo(StudyState.STUDY_STATE_ENDED);
    assertThat(study.getElapsed().getSeconds()).isEqualTo(90);
    assertThat(study.getTrialsMap()).containsEntry("completed", 1L).containsEntry("stopped", 2L);
    assertThat(study.getRungs(0).getPromoted()).isEqualTo(1);
    assertThat(study.getBest().getMetricsMap()).containsEntry("val_accuracy", 0.9722);
    assertThat(study.getBest().getAssignment().getParameters(1).getValue().getKindCase())
        .isEqualTo(KindCase.INT_VALUE);
  }

  @Test
  void shouldAskALiveStudyItself() {
    server.reads.studies.add(Samples.row(Samples.fresh()));
    server.studies.show(Samples.ID, Samples.summary(StudyStatus.RUNNING, ""));

    Study study = get("digits");

    assertThat(study.getBest().getTrial()).isEqualTo(2);
    assertThat(study.getElapsed().getSeconds()).isEqualTo(100);
  }

  @Test
  void shouldRefuseANameThatIsUnknownOrStandsForSeveral() {
    StudySummary ended = Samples.summary(StudyStatus.ENDED, "");
    assertThat(failure(() -> get("digits")).getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);

    server.reads.studies.add(Samples.row(ended));
    server.reads.studies.add(Samples.row(ended));
    StatusRuntimeException e = failure(() -> get("digits"));
    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.FAILED_PRECONDITION);
    assertThat(e.getStatus().getDescription()).contains(Samples.ID + ", " + Samples.ID);
  }

  @Test
  void shouldBeUnavailableWhenAStudyDoesNotAnswer() {
    server.reads.studies.add(Samples.row(Samples.fresh()));

    assertThat(failure(() -> get("digits")).getStatus().getCode())
        .isEqualTo(Status.Code.UNAVAILABLE);
  }

  @Test
  void shouldListAStudyThatDoesNotAnswerWithWhatTheTablesKnow() {
    server.reads.studies.add(Samples.row(Samples.fresh()));
    server.reads.studies.add(Samples.row(Samples.summary(StudyStatus.ENDED, "")));

    ListStudiesResponse answer = stub.listStudies(ListStudiesRequest.getDefaultInstance());

    assertThat(answer.getTotal()).isEqualTo(2);
    assertThat(answer.getStudies(0).getName()).isEqualTo("digits");
    assertThat(answer.getStudies(0).getRungsCount()).isZero();
    assertThat(answer.getStudies(1).getRungsCount()).isEqualTo(3);
  }

  @Test
  void shouldWaitForTheTablesWhenTheyAreBehindTheStudy() {
    live();
    server.reads.projected.set(39);
    server.reads.speed = 1;

    Trial trial = stub.getTrial(GetTrialRequest.newBuilder().setStudy("digits").build()).getTrial();

    assertThat(server.reads.projected.get()).isEqualTo(43);
    assertThat(trial.getNumber()).isEqualTo(2);
    assertThat(trial.getAttemptsList()).hasSize(2);
    assertThat(trial.getAttempts(0).getCause()).isEqualTo(dev.rung.proto.v1.Cause.CAUSE_LOST);
  }

  @Test
  void shouldBeUnavailableWhenTheTablesStayBehind() {
    live();
    server.reads.projected.set(41);

    StatusRuntimeException e =
        failure(() -> stub.listTrials(ListTrialsRequest.newBuilder().setStudy("digits").build()));

    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
    assertThat(e.getStatus().getDescription()).contains("event 41").contains("event 42");
  }

  @Test
  void shouldPageTrialsByNumber() {
    live();

    assertThat(trials(0, 1)).containsExactly(1L);
    assertThat(trials(1, 0)).containsExactly(2L);
    assertThat(trials(2, 0)).isEmpty();
  }

  @Test
  void shouldExplainATrialWithItsEvidence() {
    live();

    List<Verdict> verdicts =
        stub.explainTrial(ExplainTrialRequest.newBuilder().setStudy("digits").setTrial(2).build())
            .getVerdictsList();

    assertThat(verdicts.get(0).getRule()).isEqualTo("asha");
    assertThat(verdicts.get(0).getRank()).isEqualTo(1);
    assertThat(verdicts.get(0).getValue()).isEqualTo(0.91);
    assertThat(verdicts.get(1).hasValue()).isFalse();
  }

  @Test
  void shouldNotFindATrialThatIsNot() {
    live();

    StatusRuntimeException e =
        failure(() ->
            stub.getTrial(GetTrialRequest.newBuilder().setStudy("digits").setTrial(9).build()));

    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
    assertThat(e.getStatus().getDescription()).isEqualTo("study digits has no trial 9");
  }

  @Test
  void shouldHaveNoBestTrialBeforeTheFirstValue() {
    server.reads.studies.add(Samples.row(Samples.fresh()));
    server.studies.show(Samples.ID, Samples.fresh());

    StatusRuntimeException e =
        failure(() -> stub.getTrial(GetTrialRequest.newBuilder().setStudy("digits").build()));

    assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.NOT_FOUND);
  }

  @Test
  void shouldKeepAFaultOfTheServerToItself() {
    server.reads.studies.add(Samples.row(Samples.fresh()));
    server.studies.reply = (study, command) -> new StudyReply.Declined(0);

    Status status = failure(() -> control(StudyAction.STUDY_ACTION_PAUSE)).getStatus();

    assertThat(status.getCode()).isEqualTo(Status.Code.INTERNAL);
    assertThat(status.getDescription()).isEqualTo("a fault of the server; its log says more");
  }

  private void live() {
    StudySummary running = Samples.summary(StudyStatus.RUNNING, "");
    server.reads.studies.add(Samples.row(running));
    server.studies.show(Samples.ID, running);
    server.reads.trials.addAll(List.of(Samples.failed(), Samples.best(null)));
    server.reads.verdicts.addAll(Samples.verdicts());
  }

  private List<Long> trials(int after, int limit) {
    return stub
        .listTrials(
            ListTrialsRequest.newBuilder()
                .setStudy("digits")
                .setAfter(after)
                .setLimit(limit)
                .build())
        .getTrialsList()
        .stream()
        .map(Trial::getNumber)
        .toList();
  }

  private StudyReply createdAs(String study, StudyCommand command) {
    StudySummary fresh = Samples.fresh();
    server.studies.show(
        study,
        new StudySummary(
            study,
            fresh.plan(),
            fresh.status(),
            "",
            fresh.created(),
            fresh.updated(),
            fresh.trials(),
            fresh.rungs(),
            null,
            null,
            0,
            0,
            0,
            2,
            Optional.empty(),
            OptionalDouble.empty()));
    return new StudyReply.Done();
  }

  private List<StudyCommand.Create> creates() {
    return server.studies.sent.stream().map(StudyCommand.Create.class::cast).toList();
  }

  private CreateStudyResponse create(String key, String file) {
    return stub.createStudy(request(key, file));
  }

  private static CreateStudyRequest request(String key, String file) {
    return CreateStudyRequest.newBuilder().setKey(key).setFile(file).setFileName("a.yaml").build();
  }

  private void control(StudyAction action) {
    var unused =
        stub.controlStudy(
            ControlStudyRequest.newBuilder().setStudy("digits").setAction(action).build());
  }

  private Study get(String study) {
    return stub.getStudy(GetStudyRequest.newBuilder().setStudy(study).build()).getStudy();
  }

  private static void assertInvalid(ThrowingCallable call, String message) {
    Status status = failure(call).getStatus();
    assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(status.getDescription()).startsWith(message);
  }

  private static StatusRuntimeException failure(ThrowingCallable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call);
  }
}
