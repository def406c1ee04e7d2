package dev.rung.web;

import dev.rung.fleet.GpuReading;
import dev.rung.fleet.NodeInfo;
import dev.rung.fleet.RatedNode;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.Function;

/** What the GPUs of nodes do, a row each, of so many that a scrape stays small. */
final class GpuRows {
  /**
   * Those of the first nodes by name: which ones they are does not change from scrape to scrape.
   */
  static final int MOST_GPUS = 256;

  private static final double PERCENT = 100;

  private record Place(String node, GpuReading gpu) {
    Tags tags() {
      return Tags.of("node", node, "gpu", Integer.toString(gpu.index()));
    }
  }

  private record Kind(MultiGauge gauge, Function<GpuReading, OptionalDouble> value) {}

  private final MultiGauge count;
  private final List<Kind> kinds;

  GpuRows(MeterRegistry registry) {
    count =
        MultiGauge.builder("rung.gpus")
            .description("GPUs that nodes tell of, those too that are left out here.")
            .register(registry);
    kinds =
        List.of(
            new Kind(
                gauge(
                    registry,
                    "rung.gpu.utilization",
                    "Part of the time in which a GPU computes.",
                    ""),
                gpu -> maybe(gpu.utilization().isPresent(), gpu.utilization().orElse(0) / PERCENT)),
            new Kind(
                gauge(registry, "rung.gpu.memory.used", "Memory of a GPU that is in use.", "bytes"),
                gpu -> maybe(gpu.memoryUsed().isPresent(), (double) gpu.memoryUsed().orElse(0))),
            new Kind(
                gauge(registry, "rung.gpu.memory.total", "Memory of a GPU.", "bytes"),
                gpu -> maybe(gpu.memoryTotal().isPresent(), (double) gpu.memoryTotal().orElse(0))),
            new Kind(
                gauge(registry, "rung.gpu.temperature", "Temperature of a GPU.", "celsius"),
                gpu -> maybe(gpu.temperature().isPresent(), gpu.temperature().orElse(0))));
  }

  private static MultiGauge gauge(
      MeterRegistry registry, String name, String description, String unit) {
    MultiGauge.Builder gauge = MultiGauge.builder(name).description(description);
    return (unit.isEmpty() ? gauge : gauge.baseUnit(unit)).register(registry);
  }

  private static OptionalDouble maybe(boolean isThere, double value) {
    return isThere ? OptionalDouble.of(value) : OptionalDouble.empty();
  }

  /** Shows the GPUs of nodes that are there now, and no others. */
  void show(List<RatedNode> nodes) {
    List<Place> all =
        nodes.stream().map(RatedNode::node).flatMap(node -> places(node).stream()).toList();
    List<Place> shown = all.subList(0, Math.min(all.size(), MOST_GPUS));
    count.register(List.of(Row.of(Tags.empty(), all.size())), true);
    for (Kind kind : kinds) {
      kind.gauge().register(rows(kind, shown), true);
    }
  }

  private static List<Place> places(NodeInfo node) {
    return node.gpus().stream().map(gpu -> new Place(node.name(), gpu)).toList();
  }

  private static List<Row<?>> rows(Kind kind, List<Place> places) {
    return places.stream()
        .filter(place -> kind.value().apply(place.gpu()).isPresent())
        .<Row<?>>map(place -> Row.of(place.tags(), kind.value().apply(place.gpu()).orElseThrow()))
        .toList();
  }
}
