package dev.rung.dl4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.rung.proto.v1.Attempt;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.Trial;
import dev.rung.proto.v1.TrialState;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Trains by a Python script that knows nothing of Rung, with a real server and a real node. */
class CommandTest {
  @TempDir Path folder;

  @BeforeAll
  static void hasPython() throws Exception {
    int exit;
    try {
      exit = new ProcessBuilder("python3", "--version").start().waitFor();
    } catch (IOException e) {
      exit = 1;
    }
    assumeThat(exit).as("needs python3 on the PATH").isZero();
  }

  private Site site(String... more) throws Exception {
    Stream<String> command =
        Stream.of(
            "--exec",
            "--kind",
            "line",
            "--",
            "python3",
            "../../docs/examples/command/train.py",
            "{params}",
            "--epochs={max_resource}",
            "--folder={checkpoint_dir}",
            "--resume={resume}");
    return new Site(folder, Stream.concat(command, Stream.of(more)).toList());
  }

  @Test
  void shouldStopPauseAndPromoteAScript() throws Exception {
    // Slow enough for a pause to reach it before its last epoch.
    try (Site site = site("--seconds=0.05")) {
      Study study = site.run(Site.example("command"));
      List<Trial> trials = site.trials(study);
      // Noise of 0.1 leaves a mean square of 0.01.
      assertThat(Site.best(study)).isBetween(0.005, 0.02);
      assertThat(trials).hasSize(40);
      assertThat(trials).noneMatch(trial -> trial.getState() == TrialState.TRIAL_STATE_FAILED);
      assertThat(trials.stream().filter(trial -> trial.getStep() >= 27)).isNotEmpty();
      assertThat(trials.stream().filter(trial -> trial.getStep() < 27)).hasSizeGreaterThan(20);
      assertThat(site.export(study)).anyMatch(line -> line.contains("\"resume\":{"));
    }
  }

  @Test
  void shouldTryAgainWhereTheScriptIsKilled() throws Exception {
    try (Site site = site("--seconds=0.1")) {
      Study study = site.create(Site.example("command").replace("trials: 40", "trials: 6"));
      ProcessHandle script = site.awaitChild("train.py");
      assertThat(script.destroyForcibly()).isTrue();

      Attempt killed =
          site.awaitAttempt(study, attempt -> attempt.getMessage().contains("ended by signal 9"));
      assertThat(killed.getCause()).isEqualTo(Cause.CAUSE_USER_ERROR);
      Study ended = site.awaitEnd(study);
      assertThat(ended.getTrialsMap()).doesNotContainKey("failed");
    }
  }
}
