package dev.rung.exec;

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
import java.util.concurrent.CopyOnWriteArrayList;

/** A trial without a node: keeps what it is told. */
final class FakeTrial implements TrialContext {
  final Map<Long, Map<String, Double>> reports = new TreeMap<>();
  final Map<Long, byte[]> checkpoints = new TreeMap<>();
  final List<String> logged = new CopyOnWriteArrayList<>();
  final List<Double> costs = new ArrayList<>();

  /** The step whose report is answered by {@link #ending}. */
  long endsAt = Long.MAX_VALUE;

  int slots = 1;

  Directive ending = Directive.STOP;
  Values assignment = Values.of(Map.of("lr", 0.5));
  Values config = Values.empty();
  Optional<ResumePoint> resume = Optional.empty();
  volatile boolean wantsCheckpoint;
  private volatile Directive directive = Directive.CONTINUE;

  /** Goes on from a checkpoint of an attempt before. */
  FakeTrial resumedFrom(long step, byte[] content) {
    resume =
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

  /** The checkpoint of a step, which must be there. */
  byte[] checkpoint(long step) {
    return Objects.requireNonNull(checkpoints.get(step), "a checkpoint of step " + step);
  }

  @Override
  public int slots() {
    return slots;
  }

  @Override
  public String trial() {
    return "study/7";
  }

  @Override
  public int attempt() {
    return 2;
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
    return resume;
  }

  @Override
  public long milestone() {
    return 9;
  }

  @Override
  public long maxResource() {
    return 27;
  }

  @Override
  public long seed() {
    return -1;
  }

  @Override
  public List<String> objectives() {
    return List.of("loss");
  }

  @Override
  public boolean checkpointDue(long step) {
    return step >= milestone() || wantsCheckpoint;
  }

  @Override
  public void checkpoint(long step, CheckpointWriter writer) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writer.write(out);
    checkpoints.put(step, out.toByteArray());
    if (wantsCheckpoint) {
      directive = Directive.PAUSE;
    }
  }

  @Override
  public Directive report(long step, Map<String, Double> metrics) {
    reports.computeIfAbsent(step, key -> new TreeMap<>()).putAll(metrics);
    if (step >= endsAt) {
      directive = ending;
    }
    return directive;
  }

  @Override
  public Directive report(long step, Map<String, Double> metrics, double cost) {
    costs.add(cost);
    return report(step, metrics);
  }

  @Override
  public void log(String text) {
    logged.add(text);
  }

  @Override
  public Directive directive() {
    return directive;
  }
}
