package dev.rung.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.Duration;
import dev.rung.proto.v1.AskRequest;
import dev.rung.proto.v1.AskResponse;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.ControlStudyRequest;
import dev.rung.proto.v1.ControlTrialRequest;
import dev.rung.proto.v1.Entry;
import dev.rung.proto.v1.Fenced;
import dev.rung.proto.v1.GetTrialRequest;
import dev.rung.proto.v1.Run;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyAction;
import dev.rung.proto.v1.StudyState;
import dev.rung.proto.v1.TellRequest;
import dev.rung.proto.v1.TellResponse;
import dev.rung.proto.v1.TrialAction;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Loops that are their own trainers, against a real server. */
class AskTellTest {
  /** Rungs at 1, 3 and 9, of which a third goes on. */
  private static final String STUDY =
      """
      name: own-loop
      metric: {name: score, goal: maximize}
      resource: {unit: step, max: 9}
      budget: {trials: %d}
      algorithm: {halving: asha, eta: 3, seed: 1}
      space:
        x: {min: 0.0, max: 1.0}
      trainer: {kind: own-loop}
      """;

  @TempDir static Path folder;
  private static RunningServer server;

  @BeforeAll
  static void start() {
    server = new RunningServer(folder.resolve("data"), 0, java.time.Duration.ofSeconds(60));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static Study study(int trials) {
    return server.create(STUDY.formatted(trials));
  }

  /** A loop of a client of a server. */
  private record Loop(RunningServer server, String study, String client) {
    AskResponse ask(AttemptRef... running) {
      return ask(10, running);
    }

    AskResponse ask(int linger, AttemptRef... running) {
      return server
          .studies()
          .ask(
              AskRequest.newBuilder()
                  .setStudy(study)
                  .setClient(client)
                  .addAllRunning(Arrays.asList(running))
                  .setLinger(Duration.newBuilder().setSeconds(linger))
                  .build());
    }

    Run run(AttemptRef... running) {
      AskResponse response = ask(running);
      assertThat(response.hasRun()).as("%s", response).isTrue();
      return response.getRun();
    }

    TellResponse tell(Run run, long firstSeq, Entry... entries) {
      return server
          .studies()
          .tell(
              TellRequest.newBuilder()
                  .setStudy(study)
                  .setClient(client)
                  .setAttempt(run.getAttempt())
                  .setFirstSeq(firstSeq)
                  .addAllEntries(Arrays.asList(entries))
                  .build());
    }

    TellResponse point(Run run, long step, double score) {
      return tell(run, 0, RawNode.point(step, score));
    }

    TellResponse end(Run run, Cause cause) {
      return tell(run, 0, RawNode.ended(cause));
    }
  }

  private static Loop loop(Study study, String client) {
    return new Loop(server, study.getId(), client);
  }

  @Test
  void shouldGiveATrialAndTheDirectiveWithTheAnswerAtItsMilestone() throws Exception {
    Study study = study(3);
    Loop loop = loop(study, "laptop");
    Run first = loop.run();
    assertThat(first.getAttempt().getTrial()).isEqualTo(study.getId() + "/1");
    assertThat(first.getAssignment().getParameters(0).getName()).isEqualTo("x");
    assertThat(first.getMilestone()).isEqualTo(1);
    assertThat(first.getMaxResource()).isEqualTo(9);
    assertThat(first.getObjectivesList()).containsExactly("score");
    assertThat(first.getCheckpointPrefix()).startsWith("file:").endsWith("/1/1/");
    // One that asks again has the same.
    assertThat(loop.run()).isEqualTo(first);

    assertThat(loop.point(first, 1, 0.1).getDirective().hasPause()).isTrue();
    // The directive stands until it is obeyed.
    assertThat(loop.ask().getDirective().hasPause()).isTrue();
    TellResponse ended = loop.end(first, Cause.CAUSE_PAUSED);
    assertThat(ended.getAckedSeq()).isEqualTo(2);
    assertThat(ended.hasDirective()).isFalse();

    Run second = loop.run();
    assertThat(second.getAttempt().getTrial()).isEqualTo(study.getId() + "/2");
    loop.point(second, 1, 0.2);
    loop.end(second, Cause.CAUSE_PAUSED);
    // The best of three goes on where it is.
    Run third = loop.run();
    TellResponse best = loop.point(third, 1, 0.9);
    assertThat(best.getDirective().getContinue().getMilestone()).isEqualTo(3);
    assertThat(best.getDirective().getReason()).isNotEmpty();
    assertThat(loop.point(third, 2, 0.9).getDirective().getContinue().getMilestone()).isEqualTo(3);
    assertThat(loop.point(third, 3, 0.95).getDirective().hasPause()).isTrue();
    loop.end(third, Cause.CAUSE_PAUSED);

    Study over = server.await(study.getId(), s -> s.getState() == StudyState.STUDY_STATE_ENDED);
    assertThat(over.getBest().getTrial()).isEqualTo(3);
    assertThat(over.getRungs(1).getEntered()).isEqualTo(1);
    assertThat(loop.ask().getOver().getReason()).isEqualTo(over.getReason());
    assertThat(
            server
                .studies()
                .getTrial(GetTrialRequest.newBuilder().setStudy(study.getId()).setTrial(3).build())
                .getTrial()
                .getAttempts(0)
                .getNode())
        .isEqualTo("loop:laptop");
  }

  @Test
  void shouldResumeAPausedTrialFromItsCheckpoint() {
    Loop loop = loop(study(3), "resumes");
    double[] scores = {0.9, 0.1, 0.2};
    for (double score : scores) {
      Run run = loop.run();
      loop.tell(run, 1, RawNode.checkpoint(run, 1), RawNode.point(1, score));
      loop.end(run, Cause.CAUSE_PAUSED);
    }
    AskResponse promoted = loop.ask();
    assertThat(promoted.getRun().getAttempt().getTrial()).endsWith("/1");
    assertThat(promoted.getRun().getAttempt().getAttempt()).isEqualTo(2);
    assertThat(promoted.getRun().getMilestone()).isEqualTo(3);
    assertThat(promoted.getStartStep()).isEqualTo(1);
    assertThat(promoted.getRun().getResume().getPlace()).endsWith("/1/1/1");
  }

  @Test
  void shouldTakeEachEntryOnceAndSayWhereThereIsAGap() {
    Loop loop = loop(study(1), "twice");
    Run run = loop.run();
    Entry early = RawNode.point(1, 0.5);
    TellResponse gap = loop.tell(run, 3, early);
    assertThat(gap.getResend()).isTrue();
    assertThat(gap.getAckedSeq()).isZero();
    assertThat(loop.tell(run, 1, early).getAckedSeq()).isEqualTo(1);
    TellResponse again = loop.tell(run, 1, early);
    assertThat(again.getAckedSeq()).isEqualTo(1);
    assertThat(again.getDirective().hasPause()).isTrue();
    assertThat(loop.ask().getAckedSeq()).isEqualTo(1);
  }

  @Test
  void shouldGiveSeveralToALoopThatSaysWhichItRuns() {
    Loop loop = loop(study(3), "several");
    Run first = loop.run();
    Run second = loop.run(first.getAttempt());
    assertThat(second.getAttempt()).isNotEqualTo(first.getAttempt());
    // The answer of the second was lost.
    assertThat(loop.run(first.getAttempt())).isEqualTo(second);
  }

  @Test
  void shouldKeepTwoClientsApart() {
    Study study = study(3);
    Loop one = loop(study, "one");
    Loop other = loop(study, "other");
    Run ones = one.run();
    Run others = other.run();
    assertThat(others.getAttempt()).isNotEqualTo(ones.getAttempt());
    assertThat(other.point(ones, 1, 0.5).getDirective().hasFenced()).isTrue();
    assertThat(server.show(study.getId()).getRungs(0).getEntered()).isZero();
  }

  @Test
  void shouldSayThatTheStudyIsPausedAndGoOnAfterIt() {
    Study study = study(3);
    Loop loop = loop(study, "patient");
    control(study, StudyAction.STUDY_ACTION_PAUSE);
    AskResponse nothing = loop.ask(0);
    assertThat(nothing.getNothing().getReason()).startsWith("the study is paused");
    assertThat(nothing.getNothing().getAskAgainAfter().getSeconds()).isPositive();
    control(study, StudyAction.STUDY_ACTION_RESUME);
    assertThat(loop.run().getMilestone()).isEqualTo(1);
  }

  private static void control(Study study, StudyAction action) {
    var unused =
        server
            .studies()
            .controlStudy(
                ControlStudyRequest.newBuilder().setStudy(study.getId()).setAction(action).build());
  }

  @Test
  void shouldSayStopAtTheNextTell() {
    Study study = study(2);
    Loop loop = loop(study, "stopped");
    Run run = loop.run();
    var unused =
        server
            .studies()
            .controlTrial(
                ControlTrialRequest.newBuilder()
                    .setStudy(study.getId())
                    .setTrial(1)
                    .setAction(TrialAction.TRIAL_ACTION_STOP)
                    .build());
    // Without entries, as a sign of life.
    TellResponse told = loop.tell(run, 0);
    assertThat(told.getDirective().hasStop()).isTrue();
    assertThat(told.getDirective().getReason()).isEqualTo("stopped by a client");
    loop.end(run, Cause.CAUSE_STOPPED);
    assertThat(loop.run().getAttempt().getTrial()).endsWith("/2");
  }

  @Test
  void shouldNameWhatIsWrong() {
    Study study = study(1);
    Status none = failure(() -> new Loop(server, "nosuchstudy", "me").ask());
    assertThat(none.getCode()).isEqualTo(Status.Code.NOT_FOUND);
    Status nameless = failure(() -> loop(study, "").ask());
    assertThat(nameless.getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(nameless.getDescription())
        .isEqualTo("client: expected a name of 1 to 128 of [A-Za-z0-9._-], but came ''");
    Run elsewhere =
        Run.newBuilder()
            .setAttempt(AttemptRef.newBuilder().setTrial("other/1").setAttempt(1))
            .build();
    assertThat(failure(() -> loop(study, "me").point(elsewhere, 1, 1)).getDescription())
        .isEqualTo(
            "attempt: expected an attempt of study %s, but came one of other"
                .formatted(study.getId()));
  }

  private static Status failure(Runnable call) {
    return catchThrowableOfType(StatusRuntimeException.class, call::run).getStatus();
  }

  @Test
  void shouldLoseALoopThatSaysNothingAndFenceItWhenItComesBack() throws Exception {
    try (RunningServer hasty =
        new RunningServer(folder.resolve("hasty"), 0, java.time.Duration.ofSeconds(2))) {
      String study = hasty.create(STUDY.formatted(1)).getId();
      Loop silent = new Loop(hasty, study, "silent");
      Loop other = new Loop(hasty, study, "other");
      Run run = silent.run();
      // Tells keep it for longer than it may be silent: the other loop waits a second each time.
      for (int second = 0; second < 4; second++) {
        assertThat(silent.tell(run, 0).hasDirective()).isFalse();
        assertThat(other.ask(1).hasNothing()).isTrue();
      }
      Run moved = other.run();
      assertThat(moved.getAttempt().getTrial()).isEqualTo(run.getAttempt().getTrial());
      assertThat(moved.getAttempt().getAttempt()).isEqualTo(2);
      TellResponse late = silent.point(run, 1, 0.5);
      assertThat(late.getDirective().getFenced())
          .isEqualTo(Fenced.newBuilder().setDeliver(true).build());
      assertThat(hasty.show(study).getRungs(0).getEntered()).isZero();
    }
  }

  @Test
  void shouldGoOnWithTheSameAttemptAfterARestartOfTheServer() throws Exception {
    Path data = folder.resolve("restarted");
    Run run;
    String study;
    try (RunningServer before = new RunningServer(data, 0, java.time.Duration.ofSeconds(60))) {
      study = before.create(STUDY.formatted(3)).getId();
      Loop loop = new Loop(before, study, "lasting");
      run = loop.run();
      loop.tell(run, 0, RawNode.checkpoint(run, 1));
    }
    try (RunningServer after = new RunningServer(data, 0, java.time.Duration.ofSeconds(60))) {
      Loop loop = new Loop(after, study, "lasting");
      TellResponse told = loop.point(run, 1, 0.5);
      assertThat(told.getAckedSeq()).isEqualTo(2);
      assertThat(told.getDirective().hasPause()).isTrue();
      assertThat(loop.ask().getRun().getAttempt()).isEqualTo(run.getAttempt());
      loop.end(run, Cause.CAUSE_PAUSED);
      assertThat(loop.run().getAttempt().getTrial()).isEqualTo(study + "/2");
      assertThat(after.show(study).getTrialsMap()).isEqualTo(Map.of("paused", 1L, "running", 1L));
    }
  }
}
