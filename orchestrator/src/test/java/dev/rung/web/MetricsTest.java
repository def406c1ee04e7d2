package dev.rung.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.fleet.GpuReading;
import dev.rung.fleet.NodeInfo;
import dev.rung.fleet.SlotCount;
import dev.rung.study.Trouble;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private final WatchedThings things = new WatchedThings();

  private static NodeInfo node(String name, boolean draining) {
    return new NodeInfo(name, 2, 1, List.of("image"), "", Map.of(), 0, draining, 0, "");
  }

  @Test
  void shouldShowWhatIsAskedAndWhatIsCounted() {
    things.fleet.slots.add(new SlotCount("image", 7, 1, 3));
    things.fleet.nodes.addAll(List.of(node("a", false), node("b", false), node("c", true)));
    things.troubles.add(new Trouble("s", Duration.ofSeconds(4), "the disk is full"));
    try (Metrics metrics = things.metrics()) {
      assertThat(metrics.scrape().lines())
          .contains(
              "# TYPE rung_slots gauge",
              "rung_slots{kind=\"image\",state=\"wanted\"} 7.0",
              "rung_slots{kind=\"image\",state=\"free\"} 1.0",
              "rung_slots{kind=\"image\",state=\"busy\"} 3.0",
              "rung_nodes{state=\"ready\"} 2.0",
              "rung_nodes{state=\"draining\"} 1.0",
              "rung_studies{state=\"running\"} 3.0",
              "rung_studies{state=\"ended\"} 0.0",
              "rung_studies_stalled 1.0",
              "rung_sessions{peer=\"trainer\"} 2.0",
              "rung_sessions{peer=\"searcher\"} 1.0",
              "rung_scrape_answered{part=\"fleet\"} 1.0",
              "rung_build{version=\"1.2.3\"} 1.0",
              "# TYPE rung_points_total counter",
              "rung_points_total 0.0");
    }
  }

  private static GpuReading gpu(int index, OptionalInt utilization) {
    return new GpuReading(
        index,
        "NVIDIA A100",
        OptionalLong.of(3L << 30),
        OptionalLong.of(40L << 30),
        utilization,
        OptionalInt.of(64));
  }

  @Test
  void shouldShowWhatGpusDoAndLeaveOutWhatTheyDoNotSay() {
    things.fleet.nodes.add(
        node("a", false)
            .withGpus(List.of(gpu(0, OptionalInt.of(87)), gpu(1, OptionalInt.empty()))));
    try (Metrics metrics = things.metrics()) {
      assertThat(metrics.scrape().lines())
          .contains(
              "rung_gpus 2.0",
              "rung_gpu_utilization{gpu=\"0\",node=\"a\"} 0.87",
              "rung_gpu_memory_used_bytes{gpu=\"1\",node=\"a\"} 3.221225472E9",
              "rung_gpu_memory_total_bytes{gpu=\"0\",node=\"a\"} 4.294967296E10",
              "rung_gpu_temperature_celsius{gpu=\"0\",node=\"a\"} 64.0")
          .noneMatch(line -> line.startsWith("rung_gpu_utilization{gpu=\"1\""));
      things.fleet.nodes.clear();
      assertThat(metrics.scrape()).contains("rung_gpus 0.0").doesNotContain("node=\"a\"");
    }
  }

  @Test
  void shouldBoundTheGpus() {
    List<GpuReading> many =
        IntStream.range(0, 64).mapToObj(index -> gpu(index, OptionalInt.of(1))).toList();
    for (int i = 0; i < 100; i++) {
      things.fleet.nodes.add(node("n-" + i, false).withGpus(many));
    }
    try (Metrics metrics = things.metrics()) {
      List<String> lines = metrics.scrape().lines().toList();
      assertThat(lines).contains("rung_gpus 6400.0");
      assertThat(lines.stream().filter(line -> line.startsWith("rung_gpu_utilization{")))
          .hasSize(GpuRows.MOST_GPUS);
    }
  }

  @Test
  void shouldForgetWhatIsNotThereAnyMore() {
    things.fleet.slots.add(new SlotCount("image", 7, 1, 3));
    try (Metrics metrics = things.metrics()) {
      assertThat(metrics.scrape()).contains("kind=\"image\"");
      things.fleet.slots.clear();
      assertThat(metrics.scrape()).doesNotContain("kind=\"image\"");
    }
  }

  @Test
  void shouldAnswerWithoutAFleetThatDoesNotAnswer() {
    var silent = new WatchedThings.SilentFleet();
    try (Metrics metrics =
        WatchedThings.metrics(silent, () -> CompletableFuture.completedFuture(List.of()))) {
      long begin = System.nanoTime();
      String text = metrics.scrape();
      Duration took = Duration.ofNanos(System.nanoTime() - begin);

      assertThat(took).isLessThan(Metrics.PATIENCE.plusSeconds(2));
      assertThat(text.lines())
          .contains("rung_scrape_answered{part=\"fleet\"} 0.0", "rung_studies_stalled 0.0")
          .noneMatch(line -> line.startsWith("rung_slots"));
      metrics.scrape();
      assertThat(silent.asked).hasValue(1);
    }
  }

  @Test
  void shouldBoundTheKindsAndKeepTheLargest() {
    for (int i = 0; i < 1_000; i++) {
      things.fleet.slots.add(new SlotCount("kind-" + i, i, 0, 1));
    }
    try (Metrics metrics = things.metrics()) {
      List<String> wanted =
          metrics.scrape().lines().filter(line -> line.contains("state=\"wanted\"")).toList();
      assertThat(wanted).hasSize(Metrics.MOST_KINDS);
      // 0 to 900, which is 901 kinds: 900 * 901 / 2.
      assertThat(wanted)
          .contains(
              "rung_slots{kind=\"kind-901\",state=\"wanted\"} 901.0",
              "rung_slots{kind=\"(others)\",state=\"wanted\"} 405450.0");
    }
  }

  @Test
  void shouldKeepAKindInItsLabel() {
    things.fleet.slots.add(new SlotCount("a\"} 1\nevil{x=\"\\", 1, 0, 0));
    try (Metrics metrics = things.metrics()) {
      assertThat(metrics.scrape().lines())
          .contains("rung_slots{kind=\"a\\\"} 1\\nevil{x=\\\"\\\\\",state=\"wanted\"} 1.0")
          .noneMatch(line -> line.startsWith("evil"));
    }
  }
}
