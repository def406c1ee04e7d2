package dev.rung.dl4j;

import dev.rung.trainer.CheckpointWriter;
import dev.rung.trainer.Directive;
import dev.rung.trainer.ResumePoint;
import dev.rung.trainer.Trainer;
import dev.rung.trainer.TrialContext;
import dev.rung.trainer.Values;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Trains an epoch, saves it, and trains another from there, for nobody: whoever records which
 * classes a trainer loads, to start it faster, records them all.
 */
final class WarmUp {
  private WarmUp() {}

  static void run(Trainer trainer) throws Exception {
    Attempt first = new Attempt(Optional.empty());
    trainer.train(first);
    trainer.train(new Attempt(Optional.of(new Saved(first.saved.toByteArray()))));
  }

  /** Goes one epoch on, with all defaults. */
  private record Attempt(Optional<ResumePoint> resumeFrom, ByteArrayOutputStream saved)
      implements TrialContext {

    private Attempt(Optional<ResumePoint> resumeFrom) {
      this(resumeFrom, new ByteArrayOutputStream());
    }

    @Override
    public String trial() {
      return "warm-up/1";
    }

    @Override
    public int attempt() {
      return 1;
    }

    @Override
    public Values assignment() {
      return Values.empty();
    }

    @Override
    public Values config() {
      return Values.empty();
    }

    @Override
    public long milestone() {
      return maxResource();
    }

    @Override
    public long maxResource() {
      return startStep() + 1;
    }

    @Override
    public long seed() {
      return 1;
    }

    @Override
    public List<String> objectives() {
      return List.of();
    }

    @Override
    public void checkpoint(long step, CheckpointWriter writer) throws IOException {
      writer.write(saved);
    }

    @Override
    public Directive report(long step, Map<String, Double> metrics) {
      return Directive.CONTINUE;
    }

    @Override
    public Directive directive() {
      return Directive.CONTINUE;
    }
  }

  /** What the first attempt saved. */
  private static final class Saved implements ResumePoint {
    private final byte[] content;

    private Saved(byte[] content) {
      this.content = content;
    }

    @Override
    public long step() {
      return 1;
    }

    @Override
    public InputStream open() {
      return new ByteArrayInputStream(content);
    }
  }
}
