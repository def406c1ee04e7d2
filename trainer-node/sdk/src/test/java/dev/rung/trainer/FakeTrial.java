package dev.rung.trainer;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A trial without a node: keeps what a trainer reports, and pauses it at the milestone. */
final class FakeTrial implements TrialContext {
  final SortedMap<Long, Double> losses = new TreeMap<>();
  final SortedMap<Long, byte[]> checkpoints = new TreeMap<>();

  private final Values assignment;
  private final Values config;
  private final long milestone;
  private final Optional<ResumePoint> resume;
  private int attempt = 1;

  FakeTrial(Values assignment, Values config, long milestone, Optional<ResumePoint> resume) {
    this.assignment = assignment;
    this.config = config;
    this.milestone = milestone;
    this.resume = resume;
  }

  FakeTrial(Map<String, ?> assignment, Map<String, ?> config) {
    this(Values.of(assignment), Values.of(config), 9, Optional.empty());
  }

  /** The same trial, going on from its last checkpoint. */
  FakeTrial promoted(long nextMilestone) {
    byte[] content = checkpoints.get(checkpoints.lastKey());
    long step = checkpoints.lastKey();
    ResumePoint point =
        new ResumePoint() {
          @Override
          public long step() {
            return step;
          }

          @Override
          public InputStream open() {
            return new ByteArrayInputStream(content);
          }
        };
    FakeTrial next = new FakeTrial(assignment, config, nextMilestone, Optional.of(point));
    next.attempt = attempt + 1;
    return next;
  }

  @Override
  public String trial() {
    return "s/1";
  }

  @Override
  public int attempt() {
    return attempt;
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
    return milestone;
  }

  @Override
  public long maxResource() {
    return 27;
  }

  @Override
  public long seed() {
    return 42;
  }

  @Override
  public List<String> objectives() {
    return List.of("loss");
  }

  @Override
  public void checkpoint(long step, CheckpointWriter writer) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    writer.write(out);
    checkpoints.put(step, out.toByteArray());
  }

  @Override
  public Directive report(long step, Map<String, Double> metrics) {
    Double loss = metrics.get("loss");
    losses.put(step, loss == null ? Double.NaN : loss);
    return step >= milestone ? Directive.PAUSE : Directive.CONTINUE;
  }

  @Override
  public Directive directive() {
    return Directive.CONTINUE;
  }
}
