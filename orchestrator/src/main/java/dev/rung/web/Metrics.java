package dev.rung.web;

import dev.rung.fleet.RatedNode;
import dev.rung.fleet.SlotCount;
import dev.rung.study.CommitCount;
import dev.rung.study.StudyStatus;
import dev.rung.study.Trouble;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmHeapPressureMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.IntSupplier;
import java.util.function.ToDoubleFunction;

/**
 * The server's metrics in the text format of Prometheus. What is counted is read; what actors and
 * the database know is asked for anew by each scrape, and left out where it does not come in time:
 * no number is better than an old one.
 */
public final class Metrics implements AutoCloseable {
  /** Of a scrape, for everything that it asks. */
  static final Duration PATIENCE = Duration.ofSeconds(2);

  /** Kinds come from nodes and study files; the rest of them is one, so that a scrape is small. */
  static final int MOST_KINDS = 100;

  static final String OTHER_KINDS = "(others)";

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final JvmGcMetrics collections = new JvmGcMetrics();
  private final JvmHeapPressureMetrics pressure = new JvmHeapPressureMetrics();
  private final Question<List<SlotCount>> slots;
  private final Question<List<RatedNode>> nodes;
  private final Question<Map<StudyStatus, Long>> studies;
  private final Question<List<Trouble>> troubles;
  private final MultiGauge slotRows;
  private final MultiGauge nodeRows;
  private final GpuRows gpuRows;
  private final MultiGauge studyRows;
  private final MultiGauge stalledRows;
  private final MultiGauge answeredRows;

  /** The metrics of a server. */
  public Metrics(Sources sources) {
    slots = new Question<>(sources.fleet()::slots);
    nodes = new Question<>(sources.fleet()::nodes);
    studies = new Question<>(sources.studies());
    troubles = new Question<>(sources.health()::troubles);
    slotRows = rows("rung.slots", "Slots of a kind of trainer: wanted by studies, free and busy.");
    nodeRows = rows("rung.nodes", "Connected trainer nodes; draining ones take no new trials.");
    gpuRows = new GpuRows(registry);
    studyRows = rows("rung.studies", "Studies by state.");
    stalledRows = rows("rung.studies.stalled", "Studies whose reports do not become durable now.");
    answeredRows =
        rows("rung.scrape.answered", "Whether this part of the server answered in time, 1 or 0.");
    count("rung.points", "Points of trainers that became durable.", sources, CommitCount::points);
    count("rung.commands", "Commands that became durable.", sources, CommitCount::commands);
    count("rung.commits", "Batches that became durable.", sources, CommitCount::batches);
    sessions("trainer", sources.trainers());
    sessions("searcher", sources.searchers());
    Gauge.builder("rung.build", () -> 1)
        .description("The version that runs; always 1.")
        .tag("version", sources.version())
        .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new FileDescriptorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
    pressure.bindTo(registry);
  }

  private MultiGauge rows(String name, String description) {
    return MultiGauge.builder(name).description(description).register(registry);
  }

  private void count(
      String name, String description, Sources sources, ToDoubleFunction<CommitCount> count) {
    FunctionCounter.builder(name, sources.commits(), count)
        .description(description)
        .register(registry);
  }

  private void sessions(String peer, IntSupplier open) {
    Gauge.builder("rung.sessions", open, IntSupplier::getAsInt)
        .description("Open streams of trainer nodes and of programs that search.")
        .tag("peer", peer)
        .strongReference(true)
        .register(registry);
  }

  /** All of them, after {@link #PATIENCE} at the latest. */
  String scrape() {
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    CompletableFuture<List<SlotCount>> slotCounts = slots.ask();
    CompletableFuture<List<RatedNode>> nodeList = nodes.ask();
    CompletableFuture<Map<StudyStatus, Long>> studyCounts = studies.ask();
    CompletableFuture<List<Trouble>> stalled = troubles.ask();
    Optional<List<SlotCount>> slotsNow = Question.await(slotCounts, deadline);
    Optional<List<RatedNode>> nodesNow = Question.await(nodeList, deadline);
    Optional<Map<StudyStatus, Long>> studiesNow = Question.await(studyCounts, deadline);
    Optional<List<Trouble>> stalledNow = Question.await(stalled, deadline);
    synchronized (this) {
      show(slotRows, slotsNow, Metrics::slotRows);
      show(nodeRows, nodesNow, Metrics::nodeRows);
      gpuRows.show(nodesNow.orElse(List.of()));
      show(studyRows, studiesNow, Metrics::studyRows);
      show(stalledRows, stalledNow, now -> List.of(Row.of(Tags.empty(), now.size())));
      answeredRows.register(
          List.of(
              answered("fleet", slotsNow.isPresent() && nodesNow.isPresent()),
              answered("database", studiesNow.isPresent()),
              answered("studies", stalledNow.isPresent())),
          true);
      return registry.scrape();
    }
  }

  /** What stands in the server's way; empty: it did not say within {@link #PATIENCE}. */
  Optional<List<Trouble>> troubles() {
    return Question.await(troubles.ask(), System.nanoTime() + PATIENCE.toNanos());
  }

  private static <T> void show(
      MultiGauge gauge, Optional<T> now, Function<T, List<Row<?>>> toRows) {
    gauge.register(now.map(toRows).orElse(List.of()), true);
  }

  private static Row<?> answered(String part, boolean inTime) {
    return Row.of(Tags.of("part", part), inTime ? 1 : 0);
  }

  private static List<Row<?>> slotRows(List<SlotCount> counts) {
    List<SlotCount> largest = new ArrayList<>(counts);
    largest.sort(
        Comparator.comparingLong((SlotCount c) -> -((long) c.wanted() + c.free() + c.busy())));
    List<Row<?>> rows = new ArrayList<>();
    int shown = largest.size() > MOST_KINDS ? MOST_KINDS - 1 : largest.size();
    largest
        .subList(0, shown)
        .forEach(c -> addSlots(rows, c.kind(), c.wanted(), c.free(), c.busy()));
    if (shown < largest.size()) {
      List<SlotCount> others = largest.subList(shown, largest.size());
      addSlots(
          rows,
          OTHER_KINDS,
          others.stream().mapToLong(SlotCount::wanted).sum(),
          others.stream().mapToLong(SlotCount::free).sum(),
          others.stream().mapToLong(SlotCount::busy).sum());
    }
    return rows;
  }

  private static void addSlots(List<Row<?>> rows, String kind, long wanted, long free, long busy) {
    rows.add(Row.of(Tags.of("kind", kind, "state", "wanted"), wanted));
    rows.add(Row.of(Tags.of("kind", kind, "state", "free"), free));
    rows.add(Row.of(Tags.of("kind", kind, "state", "busy"), busy));
  }

  private static List<Row<?>> nodeRows(List<RatedNode> nodes) {
    long draining = nodes.stream().filter(rated -> rated.node().draining()).count();
    return List.of(
        Row.of(Tags.of("state", "ready"), nodes.size() - draining),
        Row.of(Tags.of("state", "draining"), draining));
  }

  private static List<Row<?>> studyRows(Map<StudyStatus, Long> counts) {
    List<Row<?>> rows = new ArrayList<>();
    for (StudyStatus status : StudyStatus.values()) {
      if (status != StudyStatus.EMPTY) {
        rows.add(
            Row.of(
                Tags.of("state", status.name().toLowerCase(Locale.ROOT)),
                counts.getOrDefault(status, 0L)));
      }
    }
    return rows;
  }

  /** Ends what listens to the JVM. */
  @Override
  public void close() {
    collections.close();
    pressure.close();
    registry.close();
  }
}
