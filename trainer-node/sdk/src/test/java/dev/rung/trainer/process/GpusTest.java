package dev.rung.trainer.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** GPUs as nvidia-smi tells of them; no test here needs one. */
@Timeout(60)
class GpusTest {
  private static final String TWO =
      """
      0, GPU-5fd4f0f7-6f5c-a3f4-ac4e-6c4a9a6d2c4b, NVIDIA A100-SXM4-40GB, 40960
      1, GPU-0d5b1f6c-3c5a-8b1e-0a51-9d8f0c3b7e21, NVIDIA A100-SXM4-40GB, 40960
      """;

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
    assertThatThrownBy(() -> NvidiaSmi.said(List.of("sh", "-c", "echo no driver; exit 9")))
        .hasMessage("nvidia-smi ended with 9: no driver");
    assertThatThrownBy(() -> NvidiaSmi.said(List.of("/no/such/tool")))
        .hasMessageStartingWith("expected nvidia-smi, which comes with NVIDIA's driver");
  }

  /** As an A100 cut into parts, a GPU that is lost, and one that shares its memory say it. */
  @Test
  void shouldReadWhatGpusDo() {
    String said =
        """
        0, NVIDIA A100-SXM4-40GB, 31744, 40960, 87, 64
        1, NVIDIA A100-SXM4-40GB, 3, 40960, [N/A], 31
        [GPU is lost], [GPU is lost], [GPU is lost], [GPU is lost], [GPU is lost], [GPU is lost]
        2, NVIDIA GB10, [N/A], [N/A], 0, [N/A]
        """;
    assertThat(NvidiaSmi.parseReadings(said))
        .containsExactly(
            reading(0, "NVIDIA A100-SXM4-40GB", 31_744, 40_960, 87, 64),
            reading(1, "NVIDIA A100-SXM4-40GB", 3, 40_960, -1, 31),
            reading(2, "NVIDIA GB10", -1, -1, 0, -1));
    assertThatThrownBy(() -> NvidiaSmi.parseReadings("0, A100, 1, 2, 3"))
        .hasMessageEndingWith("got '0, A100, 1, 2, 3'");
  }

  /** Below 0: the driver does not say. */
  private static GpuReading reading(
      int index, String name, long used, long total, long utilization, long celsius) {
    return new GpuReading(
        index, name, maybe(used), maybe(total), maybe(utilization), maybe(celsius));
  }

  private static OptionalLong maybe(long number) {
    return number < 0 ? OptionalLong.empty() : OptionalLong.of(number);
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
  void shouldGiveEachAttemptGpusOfItsOwn() throws Exception {
    GpuPool pool = new GpuPool(NvidiaSmi.parse(TWO));
    try (GpuPool.Lease first = pool.take(1);
        GpuPool.Lease second = pool.take(1)) {
      assertThat(first.variables())
          .isEqualTo(Map.of("CUDA_DEVICE_ORDER", "PCI_BUS_ID", "CUDA_VISIBLE_DEVICES", "0"));
      assertThat(second.variables()).containsEntry("CUDA_VISIBLE_DEVICES", "1");
    }
    try (GpuPool.Lease both = pool.take(2)) {
      assertThat(both.variables()).containsEntry("CUDA_VISIBLE_DEVICES", "0,1");
    }
    assertThatThrownBy(() -> pool.take(3)).hasMessage("expected at most 2 GPUs for a trial, got 3");
  }

  @Test
  void shouldTellOfGpusOfOneModelInLabels() {
    assertThat(new GpuPool(NvidiaSmi.parse(TWO)).labels())
        .isEqualTo(Map.of("gpu", "NVIDIA-A100-SXM4-40GB", "gpu_memory_gb", "40"));
    assertThat(
            new GpuPool(List.of(new Gpu(0, "GPU-a", "A", 1_024), new Gpu(1, "GPU-b", "B", 1_024)))
                .labels())
        .isEmpty();
  }
}
