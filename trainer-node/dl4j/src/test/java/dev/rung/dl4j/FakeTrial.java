package dev.rung.dl4j;

import dev.rung.trainer.CheckpointWriter;
import dev.rung.trainer.Directive;
import dev.rung.trainer.ResumePoint;
import dev.rung.trainer.TrialContext;
import dev.rung.trainer.Values;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** An attempt that remembers what it was told, and gets its directives from the test. */
final class FakeTrial implements TrialContext {

  /** What was reported at a step. */
  record Report(long step, Map<String, Double> metrics) {}

  final List<Report> reports = new ArrayList<>();
  final List<String> log = new ArrayList<>();
  final TreeMap<Long, byte[]> checkpoints = new TreeMap<>();

  private final long maxResource;
  private Values assignment = Values.empty();
  private Values config = Values.empty();
  private Optional<ResumePoint> resumeFrom = Optional.empty();
  private long milestone;
  private long endsAt = Long.MAX_VALUE;
  private Directive end = Directive.STOP;

  /** Trains to {@code maxResource}, where its one milestone is. */
  FakeTrial(long maxResource) {
    this.maxResource = maxResource;
    this.milestone = maxResource;
  }

  FakeTrial assignment(Map<String, ?> values) {
    assignment = Values.of(values);
    return this;
  }

  FakeTrial config(Map<String, ?> values) {
    config = Values.of(values);
    return this;
  }

  FakeTrial milestone(long step) {
    milestone = step;
    return this;
  }

  /** Answers {@code directive} once a report has reached {@code step}; at 0 before any. */
  FakeTrial endingAt(long step, Directive directive) {
    endsAt = step;
    end = directive;
    return this;
  }

  FakeTrial resumingFrom(long step, byte[] content) {
    resumeFrom =
        Optional.of(
            new ResumePoint() {
              @Override
              public long step() {
                return step;
              }

              @Override
              public InputStream open() {
                return new ByteArrayInputStream(content);
              }
            });
    return this;
  }

  List<Long> reportedSteps() {
    return reports.stream().map(Report::step).toList();
  }

  double last(String metric) {
    return Objects.requireNonNull(reports.get(reports.size() - 1).metrics().get(metric));
  }

  @Override
  public String trial() {
    return "study/7";
  }

  @Override
  public int attempt() {
    return 1;
  }

  @Override
  public Values assignment() {
    return assignment;
  }

  @Override
  public Values config() {
    return config;
  }

  @Override
  public Optional<ResumePoint> resumeFrom() {
    return resumeFrom;
  }

  @Override
  public long milestone() {
    return milestone;
  }

  @Override
  public long maxResource() {
    return maxResource;
  }

  @Override
  public long seed() {
    return 42;
  }

  @Override
  public List<String> objectives() {
    return List.of("val_accuracy");
  }

  @Override
  public void checkpoint(long step, CheckpointWriter writer) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writer.write(out);
    checkpoints.put(step, out.toByteArray());
  }

  @Override
  public void log(String text) {
    log.add(text);
  }

  @Override
  public Directive report(long step, Map<String, Double> metrics) {
    reports.add(new Report(step, Map.copyOf(metrics)));
    return directive();
  }

  @Override
  public Directive directive() {
    long reached = reports.isEmpty() ? 0 : reports.get(reports.size() - 1).step();
    return reached >= endsAt ? end : Directive.CONTINUE;
  }
}
