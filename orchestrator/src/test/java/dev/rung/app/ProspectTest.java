package dev.rung.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.Durations;
import dev.rung.proto.v1.Study;
import dev.rung.trainer.ScriptedTrainer;
import dev.rung.trainer.TrainerNode;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a whole server says of studies that wait, and of those that run. */
class ProspectTest {
  private static final String STUDY =
      """
      name: scripted
      metric: {name: score, goal: maximize}
      resource: {unit: step, max: 9}
      budget: {trials: 2000}
      algorithm: {halving: asha, eta: 3, seed: 7}
      space:
        x: {min: 0.0, max: 1.0}
      trainer:
        kind: scripted
        slots: 4
        labels: {gpu: h100}
        config: {curve: power, step_seconds: 0.05}
      """;

  @TempDir Path folder;

  private static TrainerNode node(RunningServer server, String name, int slots) {
    return TrainerNode.builder()
        .name(name)
        .server("127.0.0.1:" + server.server.port())
        .slots(slots)
        .label("gpu", "h100")
        .kind("scripted", new ScriptedTrainer())
        .build();
  }

  @Test
  void shouldSayWhatNoNodeHasAndThenHowLongItTakes() throws Exception {
    try (RunningServer server =
            new RunningServer(folder.resolve("data"), 0, Duration.ofSeconds(60));
        TrainerNode small = node(server, "small", 2);
        TrainerNode large = node(server, "large", 4)) {
      Study study = server.create(STUDY);
      small.start();
      Study waiting =
          server.await(study.getId(), now -> now.getWaitsFor().contains("largest node"));
      assertThat(waiting.getWaitsFor())
          .isEqualTo("needs 4 slots of one node with gpu=h100; the largest node that fits has 2");
      assertThat(waiting.hasLeft()).isFalse();
      large.start();
      Study running = server.await(study.getId(), Study::hasLeft);
      assertThat(running.getWaitsFor()).isEmpty();
      // 2000 + 2 * 666 + 6 * 222 = 4,664 steps of at least 0.05 s, one after the other.
      assertThat(Durations.toMillis(running.getLeft()) / 1e3).isBetween(200.0, 4_664.0);
    }
  }
}
