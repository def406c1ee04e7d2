package dev.rung.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.trainer.command.NodeOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** GPUs as nvidia-smi tells of them; no test here needs one. */
@Timeout(60)
class GpusTest {
  private static final String TWO =
      """
      0, GPU-5fd4f0f7-6f5c-a3f4-ac4e-6c4a9a6d2c4b, NVIDIA A100-SXM4-40GB, 40960
      1, GPU-0d5b1f6c-3c5a-8b1e-0a51-9d8f0c3b7e21, NVIDIA A100-SXM4-40GB, 40960
      """;

  @TempDir Path work;

  @Test
  void shouldReadWhatTheDriverSays() {
    assertThat(NvidiaSmi.parse(TWO))
        .containsExactly(
            new Gpu(0, "GPU-5fd4f0f7-6f5c-a3f4-ac4e-6c4a9a6d2c4b", "NVIDIA A100-SXM4-40GB", 40_960),
            new Gpu(
                1, "GPU-0d5b1f6c-3c5a-8b1e-0a51-9d8f0c3b7e21", "NVIDIA A100-SXM4-40GB", 40_960));
    assertThat(NvidiaSmi.parse("No devices were found\n")).isEmpty();
    assertThat(NvidiaSmi.parse("0, GPU-a, NVIDIA GH200, [N/A]"))
        .containsExactly(new Gpu(0, "GPU-a", "NVIDIA GH200", 0));
    assertThat(
            NvidiaSmi.parse("[GPU is lost], [GPU is lost], [GPU is lost], [GPU is lost]\n" + TWO))
        .hasSize(2);
    assertThatThrownBy(() -> NvidiaSmi.parse("Segmentation fault"))
        .hasMessageContaining("got 'Segmentation fault'");
    assertThatThrownBy(() -> NvidiaSmi.list(List.of("sh", "-c", "echo no driver; exit 9")))
        .hasMessage("nvidia-smi ended with 9: no driver");
    assertThatThrownBy(() -> NvidiaSmi.list(List.of("/no/such/tool")))
        .hasMessageStartingWith("expected nvidia-smi, which comes with NVIDIA's driver");
  }

  @Test
  void shouldTakeTheGpusThatAreNamed() {
    List<Gpu> two = NvidiaSmi.parse(TWO);
    assertThat(GpuPool.chosen("auto", Optional.empty(), two)).isEqualTo(two);
    assertThat(GpuPool.chosen("auto", Optional.of("1"), two)).containsExactly(two.get(1));
    assertThat(GpuPool.chosen("auto", Optional.of(two.get(1).uuid()), two))
        .containsExactly(two.get(1));
    assertThat(GpuPool.chosen("1, 0", Optional.of("0"), two))
        .containsExactly(two.get(1), two.get(0));
    assertThatThrownBy(() -> GpuPool.chosen("2", Optional.empty(), two))
        .hasMessage(
            "expected GPUs of [0 (NVIDIA A100-SXM4-40GB), 1 (NVIDIA A100-SXM4-40GB)], got '2'");
    assertThatThrownBy(() -> GpuPool.chosen("auto", Optional.empty(), List.of()))
        .hasMessage("expected a GPU after --gpus, but this machine has none");
  }

  @Test
  void shouldPinEachAttemptToGpusOfItsOwn() throws Exception {
    GpuPool pool = new GpuPool(NvidiaSmi.parse(TWO));
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
      assertThat(first.visible()).isEqualTo("0");
      trainer.train(alone);
    }
    trainer.train(both);
    assertThat(alone.logged).contains("gpus 1");
    assertThat(both.logged).contains("gpus 0,1");
    assertThatThrownBy(() -> pool.take(3)).hasMessage("expected at most 2 GPUs for a trial, got 3");
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
