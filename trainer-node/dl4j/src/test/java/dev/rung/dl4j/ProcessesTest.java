package dev.rung.dl4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.proto.v1.Attempt;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Study;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** DL4J in a JVM a trial, with a real server and a real node. */
@Timeout(240)
class ProcessesTest {
  private static final String SLOW =
      """
      name: slow
      metric: {name: loss, goal: minimize}
      resource: {unit: epoch, min: 27, max: 27}
      budget: {trials: 2, parallel: 1}
      space:
        learning_rate: {min: 1.0e-4, max: 0.1, log: true}
      trainer: {kind: scripted, config: {step_seconds: 0.2}}
      """;

  @TempDir Path folder;

  @Test
  void shouldTrainInProcessesAndOutliveTheirEnd() throws Exception {
    try (Site site = new Site(folder, List.of("--isolation", "process"))) {
      String few = Site.example("tabular").replace("trials: 80", "trials: 4");
      Study trained = site.run(few.replace("max: 81", "max: 9"));
      assertThat(trained.getTrialsMap()).doesNotContainKey("failed");
      // In a year the disease goes on by 152 on average, with a deviation of 77.
      assertThat(Site.best(trained)).isLessThan(77);

      Study slow = site.create(SLOW);
      assertThat(site.awaitChild("java").destroyForcibly()).isTrue();
      Attempt killed =
          site.awaitAttempt(slow, attempt -> attempt.getMessage().contains("ended by signal 9"));
      assertThat(killed.getCause()).isEqualTo(Cause.CAUSE_USER_ERROR);
      assertThat(site.awaitEnd(slow).getTrialsMap()).doesNotContainKey("failed");

      Study another = site.create(SLOW.replace("name: slow", "name: another"));
      assertThat(another.getName()).isEqualTo("another");
      ProcessHandle trial = site.awaitChild("java");
      ProcessHandle node = trial.parent().orElseThrow();
      assertThat(node.pid()).isNotEqualTo(ProcessHandle.current().pid());
      assertThat(node.destroyForcibly()).isTrue();
      // Nobody is left to tell it.
      assertThat(trial.onExit()).succeedsWithin(Duration.ofSeconds(20));
    }
  }
}
