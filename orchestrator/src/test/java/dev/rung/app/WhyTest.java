package dev.rung.app;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.ExplainTrialRequest;
import dev.rung.proto.v1.Run;
import dev.rung.proto.v1.StudyState;
import dev.rung.proto.v1.Verdict;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Why a trial went on, paused, stopped or was lost, in words, for a study whose ranks are known.
 */
class WhyTest {
  private static final String STUDY =
      """
      name: why
      metric: {name: score, goal: maximize}
      resource: {unit: step, max: 9}
      budget: {trials: 9}
      algorithm: {halving: asha, eta: 3, seed: 1}
      space:
        x: {min: 0.0, max: 1.0}
      trainer: {kind: scripted}
      """;

  @TempDir Path folder;

  /** Takes the next attempt, checks which it is, and reports one value. */
  private static Run run(RawNode node, int trial, long step, double score) throws Exception {
    Run run = node.awaitRun();
    assertThat(run.getAttempt().getTrial()).endsWith("/" + trial);
    assertThat(run.getMilestone()).isEqualTo(step);
    node.say(run.getAttempt(), 1, RawNode.point(step, score));
    return run;
  }

  private static void end(RawNode node, Run run, long seq, Cause cause)
      throws InterruptedException {
    node.await(m ->
        m.hasDirective()
            && m.getDirective().getAttempt().equals(run.getAttempt())
            && !m.getDirective().hasContinue());
    node.say(run.getAttempt(), seq, RawNode.ended(cause));
  }

  private static void pause(RawNode node, int trial, long step, double score) throws Exception {
    end(node, run(node, trial, step, score), 2, Cause.CAUSE_PAUSED);
  }

  /** Goes on in its slot from the first rung to the second, and pauses there. */
  private static void goOnOnce(RawNode node, int trial, double first, double second)
      throws Exception {
    Run run = run(node, trial, 1, first);
    node.await(m -> m.hasDirective() && m.getDirective().hasContinue());
    node.say(run.getAttempt(), 2, RawNode.point(3, second));
    end(node, run, 3, Cause.CAUSE_PAUSED);
  }

  @Test
  void shouldSayWhyOfEveryKindOfVerdict() throws Exception {
    try (RunningServer server =
        new RunningServer(folder.resolve("data"), 0, Duration.ofSeconds(1))) {
      String study = server.create(STUDY).getId();
      RawNode node = new RawNode(server.channel).say(RawNode.hello("first"));
      pause(node, 1, 1, 0.5);
      pause(node, 2, 1, 0.6);
      goOnOnce(node, 3, 0.9, 0.91);
      end(node, run(node, 4, 1, Double.NaN), 2, Cause.CAUSE_STOPPED);
      goOnOnce(node, 5, 0.95, 0.96);
      pause(node, 6, 1, 0.1);
      assertThat(node.awaitRun().getAttempt().getTrial()).endsWith("/7");
      node.leave();
      node = new RawNode(server.channel).say(RawNode.hello("second"));
      // The seventh comes again once it is lost, before or after the eighth and the ninth.
      for (double score : new double[] {0.3, 0.2, 0.05}) {
        Run run = node.awaitRun();
        node.say(run.getAttempt(), 1, RawNode.point(1, score));
        end(node, run, 2, Cause.CAUSE_PAUSED);
      }
      pause(node, 2, 3, 0.61);
      end(node, run(node, 5, 9, 0.97), 2, Cause.CAUSE_STOPPED);
      server.await(study, s -> s.getState() == StudyState.STUDY_STATE_ENDED);

      String over = "closed, since the study ends: every trial of the budget has run; ";
      assertThat(why(server, study, 1))
          .as("closed in pause")
          .containsExactly(
              "paused: value 0.5 at rung 1 ranks 1 of 1; none may go on yet",
              over + "value 0.5 at rung 1 ranks 4 of 9; the best 3 may go on");
      assertThat(why(server, study, 2))
          .as("promoted from pause")
          .containsExactly(
              "paused: value 0.6 at rung 1 ranks 1 of 2; none may go on yet",
              "promoted: value 0.6 at rung 1 ranks 3 of 9; the best 3 may go on",
              "paused: value 0.61 at rung 3 ranks 3 of 3; only the best may go on",
              over + "value 0.61 at rung 3 ranks 3 of 3; only the best may go on");
      assertThat(why(server, study, 4))
          .as("diverged")
          .containsExactly("stopped: the value NaN at rung 1 is not finite");
      assertThat(why(server, study, 5))
          .as("promoted in place, then from pause, to the top")
          .containsExactly(
              "goes on in its slot: value 0.95 at rung 1 ranks 1 of 5; only the best may go on",
              "paused: value 0.96 at rung 3 ranks 1 of 2; none may go on yet",
              "promoted: value 0.96 at rung 3 ranks 1 of 3; only the best may go on",
              "reached the top rung 9 with 0.97, rank 1 of 1");
      assertThat(why(server, study, 7))
          .as("lost")
          .first()
          .isEqualTo("LOST: node first was not heard of for 1 s; the trial is waiting");
    }
  }

  private static List<String> why(RunningServer server, String study, int trial) {
    return server
        .studies()
        .explainTrial(ExplainTrialRequest.newBuilder().setStudy(study).setTrial(trial).build())
        .getVerdictsList()
        .stream()
        .map(Verdict::getText)
        .toList();
  }
}
