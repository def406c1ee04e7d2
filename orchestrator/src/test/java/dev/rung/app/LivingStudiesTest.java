package dev.rung.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.ControlStudyRequest;
import dev.rung.proto.v1.CreateStudyRequest;
import dev.rung.proto.v1.CreateStudyResponse;
import dev.rung.proto.v1.GetTrialRequest;
import dev.rung.proto.v1.ListTrialsRequest;
import dev.rung.proto.v1.PutMetricRequest;
import dev.rung.proto.v1.Run;
import dev.rung.proto.v1.SetStudyRequest;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyAction;
import dev.rung.proto.v1.StudyState;
import dev.rung.proto.v1.Trial;
import dev.rung.proto.v1.TrialState;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Studies that are changed, scored, forked and built upon, on a whole server. */
class LivingStudiesTest {
  private static final String STUDY =
      """
      # Comments are for people.
      name: living
      metric: {name: score, goal: maximize}
      resource: {unit: step, max: 9}
      budget: {trials: %d}
      algorithm: {halving: asha, eta: 3, seed: 7}
      space:
        x: {min: 0.0, max: 1.0}
        y: {min: 1.0e-4, max: 1.0, log: true}
      trainer: {kind: scripted, config: {curve: power, step_seconds: 0.0}}
      """;

  private static final String RATED =
      """
      name: rated
      metric: {name: rating, goal: maximize, source: external}
      resource: {unit: step, max: 9}
      budget: {trials: 2}
      algorithm: {halving: asha, eta: 3, seed: 7}
      space:
        x: {min: 0.0, max: 1.0}
      trainer: {kind: scripted}
      """;

  @TempDir Path folder;

  private RunningServer server() {
    return new RunningServer(folder.resolve("data"), 0, Duration.ofSeconds(60));
  }

  private static boolean hasEnded(Study study) {
    return study.getState() == StudyState.STUDY_STATE_ENDED;
  }

  private static Study set(RunningServer server, String study, String... settings) {
    return server
        .studies()
        .setStudy(
            SetStudyRequest.newBuilder().setStudy(study).addAllSettings(List.of(settings)).build())
        .getStudy();
  }

  private static List<Trial> trials(RunningServer server, String study) {
    return server
        .studies()
        .listTrials(ListTrialsRequest.newBuilder().setStudy(study).build())
        .getTrialsList();
  }

  private static Trial put(
      RunningServer server, String study, int trial, double value, boolean replace) {
    return server
        .studies()
        .putMetric(
            PutMetricRequest.newBuilder()
                .setStudy(study)
                .setTrial(trial)
                .setMetric("rating")
                .setValue(value)
                .setReplace(replace)
                .build())
        .getTrial();
  }

  private static CreateStudyResponse from(RunningServer server, String study, String... settings) {
    return server
        .studies()
        .createStudy(
            CreateStudyRequest.newBuilder()
                .setFrom(study)
                .addAllSettings(List.of(settings))
                .setKey(UUID.randomUUID().toString())
                .build());
  }

  private static Status failure(ThrowingCallable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call).getStatus();
  }

  @Test
  void shouldGoOnWithMoreBudgetAfterTheEndAndARestart() throws Exception {
    String id;
    try (RunningServer server = server()) {
      server.node("one", 2);
      id = server.create(STUDY.formatted(9)).getId();
      server.await(id, LivingStudiesTest::hasEnded);
      assertThat(trials(server, id)).hasSize(9);
    }
    try (RunningServer server = server()) {
      Study now = set(server, id, "budget.trials=18", "budget.parallel=2", "priority=5");

      assertThat(now.getState()).isEqualTo(StudyState.STUDY_STATE_RUNNING);
      assertThat(now.getChange())
          .isEqualTo(
              "budget.trials from 9 to 18, budget.parallel from none to 2, priority from none to 5");
      assertThat(trials(server, id))
          .as("rows of trials that the end had closed")
          .anyMatch(trial -> trial.getState() == TrialState.TRIAL_STATE_PAUSED);
    }
    try (RunningServer server = server()) {
      server.node("two", 2);
      Study ended =
          server.await(
              id,
              s -> hasEnded(s) && s.getTrialsMap().values().stream().mapToLong(n -> n).sum() == 18);

      assertThat(ended.getTrialBudget()).isEqualTo(18);
      assertThat(ended.getRungs(0).getEntered()).isEqualTo(18);
      assertThat(trials(server, id)).extracting(Trial::getNumber).hasSize(18);
      assertThat(ended.getChange()).startsWith("budget.trials from 9 to 18");
    }
  }

  @Test
  void shouldRefuseASettingAsTheStudyFileDoes() throws Exception {
    try (RunningServer server = server()) {
      String id = server.create(STUDY.formatted(9)).getId();

      Status wrong = failure(() -> set(server, id, "budget.trials=many", "budget.time=soon"));
      assertThat(wrong.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(wrong.getDescription())
          .contains(
              "budget.trials: expected a whole number from 1 to 1000000, but came the text \"many\"")
          .contains("budget.time: expected");
      assertThat(failure(() -> set(server, id, "budget.trails=9")).getDescription())
          .isEqualTo("budget.trails: unknown key; did you mean budget.trials?");
      assertThat(failure(() -> set(server, id, "metric.goal=minimize")).getDescription())
          .startsWith("metric.goal: expected one of budget.trials,")
          .endsWith("rung study create --from");
      assertThat(failure(() -> set(server, id, "resource.max=3")).getCode())
          .isEqualTo(Status.Code.ABORTED);
      assertThat(failure(() -> set(server, "nobody", "priority=1")).getCode())
          .isEqualTo(Status.Code.NOT_FOUND);
      assertThat(server.show(id).getChange()).isEmpty();
    }
  }

  @Test
  void shouldSearchTheNarrowedSpaceFromThenOn() throws Exception {
    try (RunningServer server = server()) {
      String id = server.create(STUDY.formatted(6)).getId();
      Study now =
          server
              .studies()
              .setStudy(
                  SetStudyRequest.newBuilder()
                      .setStudy(id)
                      .setFile(
                          """
                          space:
                            x: {min: 0.5, max: 0.6}
                            y: {min: 1.0e-3, max: 1.0, log: true}
                          """)
                      .setFileName("narrow.yaml")
                      .setDropOutside(true)
                      .build())
              .getStudy();
      assertThat(now.getChange()).isEqualTo("the space");
      server.node("one", 2);
      server.await(id, LivingStudiesTest::hasEnded);

      assertThat(trials(server, id))
          .hasSize(6)
          .allSatisfy(trial ->
              assertThat(trial.getAssignment().getParameters(0).getValue().getDoubleValue())
                  .isBetween(0.5, 0.6));
    }
  }

  @Test
  void shouldTakeScoresBeforeAndAfterTheEnd() throws Exception {
    try (RunningServer server = server()) {
      String id = server.create(RATED).getId();
      RawNode node = new RawNode(server.channel).say(RawNode.hello("first"));
      for (int trial = 1; trial <= 2; trial++) {
        Run run = node.awaitRun();
        node.say(run.getAttempt(), 1, RawNode.point(1, 0.5));
        node.await(m -> m.hasDirective() && m.getDirective().getAttempt().equals(run.getAttempt()));
        node.say(run.getAttempt(), 2, RawNode.ended(Cause.CAUSE_PAUSED));
      }
      server.await(id, s -> s.getTrialsOrDefault("awaiting_metric", 0) == 2);

      Trial scored = put(server, id, 1, 3.5, false);
      assertThat(scored.getState()).isEqualTo(TrialState.TRIAL_STATE_PAUSED);
      assertThat(scored.getBest()).isEqualTo(3.5);
      assertThat(failure(() -> put(server, id, 1, 4, false)).getCode())
          .isEqualTo(Status.Code.ABORTED);
      assertThat(failure(() -> put(server, id, 9, 4, false)).getCode())
          .isEqualTo(Status.Code.NOT_FOUND);
      assertThat(failure(() -> put(server, id, 2, Double.NaN, false)).getDescription())
          .isEqualTo("value: expected a number, but came NaN");

      var unused =
          server
              .studies()
              .controlStudy(
                  ControlStudyRequest.newBuilder()
                      .setStudy(id)
                      .setAction(StudyAction.STUDY_ACTION_CANCEL)
                      .build());
      server.await(id, LivingStudiesTest::hasEnded);
      node.leave();
    }
    try (RunningServer server = server()) {
      String id = "rated";
      assertThat(server.show(id).getBest().getTrial()).isEqualTo(1);

      Trial late = put(server, id, 2, 4.5, false);

      assertThat(late.getState()).isEqualTo(TrialState.TRIAL_STATE_STOPPED);
      assertThat(late.getBest()).isEqualTo(4.5);
      Study study = server.show(id);
      assertThat(study.getState()).isEqualTo(StudyState.STUDY_STATE_ENDED);
      assertThat(study.getBest().getTrial()).isEqualTo(2);
      assertThat(study.getBest().getMetricsMap()).containsEntry("rating", 4.5);
    }
  }

  @Test
  void shouldForkAStudyAndSayWhatDiffers() throws Exception {
    try (RunningServer server = server()) {
      String first = server.create(STUDY.formatted(9)).getId();
      Study set = set(server, first, "budget.trials=12");
      assertThat(set.getTrialBudget()).isEqualTo(12);

      CreateStudyResponse fork = from(server, first, "name=other", "metric.goal=minimize");

      assertThat(fork.getStudy().getId()).isNotEqualTo(first);
      assertThat(fork.getStudy().getName()).isEqualTo("other");
      assertThat(fork.getStudy().getTrialBudget()).isEqualTo(12);
      assertThat(fork.getChangedList()).containsExactly("name", "metric.goal");
      assertThat(from(server, "other").getChangedList()).isEmpty();
      assertThat(failure(() -> from(server, first, "algorithm.eta=1")).getDescription())
          .isEqualTo("algorithm.eta: expected a whole number from 2 to 1000, but came 1");
    }
  }

  @Test
  void shouldBeginWithTheBestOfAnEarlierStudy() throws Exception {
    try (RunningServer server = server()) {
      String waits = server.create(STUDY.formatted(9).replace("living", "waits")).getId();
      assertThat(failure(() -> from(server, waits, "warm_start={study: waits}")).getDescription())
          .isEqualTo("warm_start: expected a study with a finished trial, but waits has none");
      assertThat(failure(() -> from(server, waits, "warm_start={study: nobody}")).getCode())
          .isEqualTo(Status.Code.NOT_FOUND);
      var unused =
          server
              .studies()
              .controlStudy(
                  ControlStudyRequest.newBuilder()
                      .setStudy(waits)
                      .setAction(StudyAction.STUDY_ACTION_CANCEL)
                      .build());
      server.node("one", 2);
      String first = server.create(STUDY.formatted(12)).getId();
      Study ended = server.await(first, LivingStudiesTest::hasEnded);

      CreateStudyResponse next =
          from(
              server,
              first,
              "name=next",
              "space.z={values: [1, 2]}",
              "warm_start={study: living, trials: 3, narrow: true}");

      assertThat(next.getNotesList())
          .anySatisfy(note -> assertThat(note).startsWith("warm_start: narrowed to x "))
          .contains(
              "warm_start: 3 of the best assignments of living go first; it has no value, or one"
                  + " outside the space, of z, which is drawn by chance");
      server.await(next.getStudy().getId(), LivingStudiesTest::hasEnded);
      Trial begun =
          server
              .studies()
              .getTrial(
                  GetTrialRequest.newBuilder()
                      .setStudy(next.getStudy().getId())
                      .setTrial(1)
                      .build())
              .getTrial();
      assertThat(begun.getAssignment().getParametersList().subList(0, 2))
          .isEqualTo(ended.getBest().getAssignment().getParametersList());
      assertThat(
              failure(() ->
                      from(
                          server,
                          first,
                          "space={q: {min: 0, max: 1}}",
                          "warm_start={study: living}"))
                  .getDescription())
          .contains("shares a parameter");
    }
  }
}
