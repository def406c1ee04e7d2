package dev.rung.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.trainer.command.NodeOptions;
import dev.rung.trainer.process.Gpu;
import dev.rung.trainer.process.GpuPool;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Commands with GPUs of their own; no test here needs one. */
@Timeout(60)
class GpusTest {
  private static final List<Gpu> TWO =
      List.of(
          new Gpu(0, "GPU-a", "NVIDIA A100-SXM4-40GB", 40_960),
          new Gpu(1, "GPU-b", "NVIDIA A100-SXM4-40GB", 40_960));

  @TempDir Path work;

  @Test
  void shouldPinEachAttemptToGpusOfItsOwn() throws Exception {
    GpuPool pool = new GpuPool(TWO);
    ExecTrainer trainer =
        new ExecTrainer(
            List.of(
                "sh",
                "-c",
                "echo \"gpus $CUDA_VISIBLE_DEVICES\"; echo '{\"step\": 1, \"loss\": 1}'"),
            new ExecSettings(
                MetricOptions.json(), Duration.ofSeconds(5), Map.of(), Optional.of(pool), work));
    FakeTrial alone = new FakeTrial();
    FakeTrial both = new FakeTrial();
    both.slots = 2;
    try (GpuPool.Lease first = pool.take(1)) {
      assertThat(first.variables()).containsEntry("CUDA_VISIBLE_DEVICES", "0");
      trainer.train(alone);
    }
    trainer.train(both);
    assertThat(alone.logged).contains("gpus 1");
    assertThat(both.logged).contains("gpus 0,1");
  }

  @Test
  void shouldSayWhereThereIsNoDriver() {
    if (Files.exists(Path.of("/usr/bin/nvidia-smi"))) {
      return;
    }
    assertThatThrownBy(() ->
            NodeOptions.parse(List.of("--exec", "--gpus", "auto"), Map.of(), new ExecProgram()))
        .hasMessageStartingWith("no GPU for --gpus auto: expected nvidia-smi");
  }
}
