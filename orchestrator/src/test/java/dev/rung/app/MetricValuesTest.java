package dev.rung.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatList;

import dev.rung.cli.Terminal;
import dev.rung.proto.v1.Attempt;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Directive;
import dev.rung.proto.v1.Entry;
import dev.rung.proto.v1.ListTrialsRequest;
import dev.rung.proto.v1.Point;
import dev.rung.proto.v1.Run;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyState;
import dev.rung.proto.v1.Trial;
import dev.rung.proto.v1.TrialState;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What becomes of every odd value that a trainer may send: the table of docs/metrics.md. */
@Timeout(120)
class MetricValuesTest {
  private static final String STUDY =
      """
      name: values
      metric: {name: score, goal: maximize}
      resource: {unit: step, min: 3, max: 27}
      budget: {trials: %d}
      algorithm: {halving: asha, eta: 3, seed: 1}
      space:
        x: {min: 0.0, max: 1.0}
      trainer: {kind: %s}
      """;

  /**
   * A trial of the table.
   *
   * @param first what its first attempt reports on its way to its first rung, at step 3
   * @param later what it reports at rungs after that, if it comes so far
   * @param best in the tables; null: none
   */
  private record Row(
      String name,
      List<Entry> first,
      double later,
      TrialState state,
      Cause cause,
      @Nullable Double best) {

    static Row judged(String name, double value) {
      return new Row(
          name,
          List.of(RawNode.point(3, value)),
          value,
          TrialState.TRIAL_STATE_STOPPED,
          Cause.CAUSE_PAUSED,
          value);
    }

    static Row diverged(String name, double value) {
      return new Row(
          name,
          List.of(RawNode.point(3, value)),
          value,
          TrialState.TRIAL_STATE_STOPPED,
          Cause.CAUSE_DIVERGED,
          null);
    }

    static Row without(String name, Entry point) {
      return new Row(
          name,
          List.of(point),
          Double.NaN,
          TrialState.TRIAL_STATE_FAILED,
          Cause.CAUSE_NO_METRICS,
          null);
    }

    boolean isJudged() {
      return cause != Cause.CAUSE_NO_METRICS;
    }
  }

  private static final List<Row> TABLE =
      List.of(
          Row.judged("ordinary", 0.5),
          Row.diverged("NaN", Double.NaN),
          Row.diverged("+Inf", Double.POSITIVE_INFINITY),
          Row.diverged("-Inf", Double.NEGATIVE_INFINITY),
          Row.judged("-0.0", -0.0),
          Row.judged("subnormal", Double.MIN_VALUE),
          new Row(
              "1e308, the best",
              List.of(RawNode.point(3, 1e308)),
              1e308,
              TrialState.TRIAL_STATE_COMPLETED,
              Cause.CAUSE_COMPLETED,
              1e308),
          Row.without("no metric", metrics(3, Map.of())),
          Row.without("another name", metrics(3, Map.of("accuracy", 0.9))),
          new Row(
              "a step backwards",
              List.of(RawNode.point(2, 0.1), RawNode.point(1, 0.9), RawNode.point(3, 0.2)),
              0.2,
              TrialState.TRIAL_STATE_STOPPED,
              Cause.CAUSE_PAUSED,
              0.2),
          new Row(
              "NaN before the rung",
              List.of(RawNode.point(1, Double.NaN), RawNode.point(3, 0.3)),
              0.3,
              TrialState.TRIAL_STATE_STOPPED,
              Cause.CAUSE_PAUSED,
              0.3));

  @TempDir static Path folder;
  private static RunningServer server;
  private static final Terminal terminal = new Terminal();

  @BeforeAll
  static void start() {
    server = new RunningServer(folder.resolve("data"), 0, Duration.ofSeconds(60));
    terminal.environment.put("RUNG_SERVER", "127.0.0.1:" + server.server.port());
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Entry metrics(long step, Map<String, Double> metrics) {
    return Entry.newBuilder()
        .setPoint(Point.newBuilder().setStep(step).putAllMetrics(metrics))
        .build();
  }

  private static RawNode node(String name) {
    return new RawNode(server.channel).say(RawNode.hello(name).clearKinds().addKinds(name));
  }

  private static int number(AttemptRef attempt) {
    return Integer.parseInt(attempt.getTrial().substring(attempt.getTrial().indexOf('/') + 1));
  }

  /** Trains one attempt as its row says; whether the trial went beyond its first rung. */
  private static boolean train(RawNode node, Run run) throws Exception {
    Row row = TABLE.get(number(run.getAttempt()) - 1);
    AttemptRef attempt = run.getAttempt();
    boolean promoted = run.getMilestone() > 3;
    List<Entry> log =
        new ArrayList<>(
            promoted ? List.of(RawNode.point(run.getMilestone(), row.later())) : row.first());
    node.say(attempt, 1, log.toArray(Entry[]::new));
    if (!row.isJudged()) {
      node.say(attempt, 1L + log.size(), RawNode.ended(Cause.CAUSE_COMPLETED));
      return promoted;
    }
    Directive directive = awaitDirective(node, attempt, 0);
    long seq = 1L + log.size();
    while (directive.hasContinue()) {
      promoted = true;
      node.say(attempt, seq, RawNode.point(directive.getContinue().getMilestone(), row.later()));
      seq++;
      directive = awaitDirective(node, attempt, directive.getNumber());
    }
    Cause cause = directive.hasPause() ? Cause.CAUSE_PAUSED : Cause.CAUSE_STOPPED;
    node.say(attempt, seq, RawNode.ended(cause));
    return promoted;
  }

  private static Directive awaitDirective(RawNode node, AttemptRef attempt, long after)
      throws Exception {
    return node.await(m ->
            m.hasDirective()
                && m.getDirective().getAttempt().equals(attempt)
                && m.getDirective().getNumber() > after)
        .getDirective();
  }

  private static List<Trial> trials(Study study) {
    return server
        .studies()
        .listTrials(ListTrialsRequest.newBuilder().setStudy(study.getId()).build())
        .getTrialsList();
  }

  @Test
  void shouldComeToADefinedEndWithEveryValue() throws Exception {
    Study study = server.create(STUDY.formatted(TABLE.size(), "values"));
    RawNode node = node("values");
    Set<String> promoted = new TreeSet<>();
    while (server.show(study.getId()).getState() != StudyState.STUDY_STATE_ENDED) {
      Optional<Run> run = node.pollRun();
      if (run.isPresent() && train(node, run.get())) {
        promoted.add(TABLE.get(number(run.get().getAttempt()) - 1).name());
      }
    }
    node.leave();

    assertThat(promoted)
        .contains("1e308, the best")
        .doesNotContain("NaN", "+Inf", "-Inf", "no metric", "another name");
    Study ended = server.show(study.getId());
    assertThat(ended.getReason()).isEqualTo("every trial of the budget has run");
    assertThat(ended.getBest().getMetricsMap()).isEqualTo(Map.of("score", 1e308));
    // Eleven trials; the two without a value count as failed, last in their rung.
    assertThat(ended.getRungs(0).getEntered()).isEqualTo(TABLE.size());
    List<Trial> trials = trials(study);
    for (int i = 0; i < TABLE.size(); i++) {
      Row row = TABLE.get(i);
      Trial trial = trials.get(i);
      assertThat(trial.getState()).as(row.name()).isEqualTo(row.state());
      assertThatList(trial.getAttemptsList())
          .as(row.name())
          .extracting(Attempt::getCause)
          .contains(row.cause());
      assertThat(trial.hasBest()).as(row.name()).isEqualTo(row.best() != null);
      if (row.best() != null) {
        assertThat(Double.doubleToLongBits(trial.getBest()))
            .as(row.name())
            .isEqualTo(Double.doubleToLongBits(row.best()));
      }
    }
    assertThat(trials.get(7).getReason())
        .isEqualTo(
            "NO_METRICS: expected score at or past step 3, but the training ended at step 3;"
                + " trainers sent: score");
    assertThat(trials.get(8).getReason())
        .isEqualTo(
            "NO_METRICS: expected score at or past step 3, but the training ended at step 3;"
                + " trainers sent: accuracy, score");
    assertShown(study.getId());
  }

  /** What a person and what a program sees of the values. */
  private static void assertShown(String study) {
    assertThat(terminal.run("trial", "list", study, "-o", "json")).isZero();
    assertThat(terminal.out())
        .contains("\"trial\":5,\"state\":\"stopped\"", "\"best\":-0.0,")
        .contains("\"best\":4.9E-324,")
        .contains("\"best\":1.0E308,")
        .contains("\"best\":null,");
    assertThat(terminal.run("trial", "list", study)).isZero();
    assertThat(terminal.out()).contains("1E+308").contains("4.941E-324");
    String[][] why = {{"2", "NaN"}, {"3", "Infinity"}, {"4", "-Infinity"}};
    for (String[] trial : why) {
      assertThat(terminal.run("trial", "why", study, trial[0])).isZero();
      assertThat(terminal.out())
          .contains("stopped: the value " + trial[1] + " at rung 3 is not finite");
      assertThat(terminal.run("trial", "why", study, trial[0], "-o", "json")).isZero();
      assertThat(terminal.out()).contains("\"value\":\"" + trial[1] + "\"");
      assertThat(terminal.run("trial", "show", study, trial[0])).isZero();
      assertThat(terminal.out()).contains("diverged");
    }
    assertThat(terminal.run("trial", "show", study, "7")).isZero();
    assertThat(terminal.out()).contains("best 1E+308, step 27");
    // The step at which the best value came first.
    assertThat(terminal.run("study", "show", study)).isZero();
    assertThat(terminal.out()).contains("Best: score 1E+308, trial 7 at step 3");
  }

  @Test
  void shouldCloseAStreamThatReportsWhatCannotBe() throws Exception {
    Study study = server.create(STUDY.formatted(1, "impossible"));
    RawNode node = node("impossible");
    AttemptRef attempt = node.awaitRun().getAttempt();
    Map<String, Entry> bad =
        Map.of(
            "expected a step from 1 to 281474976710656, but came 0", RawNode.point(0, 0.5),
            "expected a step from 1 to 281474976710656, but came -1", RawNode.point(-1, 0.5),
            "expected metric names of 1 to 128 characters, but came ''",
                metrics(1, Map.of("", 0.5)));
    int connection = 1;
    for (Map.Entry<String, Entry> one : bad.entrySet()) {
      node.say(attempt, 1, one.getValue());
      Status status = node.awaitClosed();
      assertThat(status.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
      assertThat(status.getDescription()).isEqualTo(one.getKey());
      connection++;
      node =
          new RawNode(server.channel)
              .say(
                  RawNode.hello("impossible")
                      .setConnection(connection)
                      .clearKinds()
                      .addKinds("impossible")
                      .addAttempts(attempt));
    }
    // The attempt goes on as if nothing had been said.
    node.say(attempt, 1, RawNode.point(3, 0.5));
    assertThat(awaitDirective(node, attempt, 0).hasPause()).isTrue();
    node.say(attempt, 2, RawNode.ended(Cause.CAUSE_PAUSED));
    server.await(study.getId(), s -> s.getState() == StudyState.STUDY_STATE_ENDED);
    node.leave();
  }
}
