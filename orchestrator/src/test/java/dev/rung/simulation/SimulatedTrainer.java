package dev.rung.simulation;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.rung.space.KeyedRandom;
import dev.rung.trainer.Directive;
import dev.rung.trainer.DivergedException;
import dev.rung.trainer.InfeasibleException;
import dev.rung.trainer.ResumePoint;
import dev.rung.trainer.Trainer;
import dev.rung.trainer.TrialContext;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/**
 * Trains nothing, but takes its time, follows a curve that depends on seed, trial and step alone,
 * and fails as trainers do.
 */
final class SimulatedTrainer implements Trainer {

  /** Lets a trainer wait. */
  @FunctionalInterface
  interface Pace {
    void sleep(long nanos) throws InterruptedException;
  }

  private final long seed;
  private final Style style;
  private final Pace pace;

  SimulatedTrainer(long seed, Style style, Pace pace) {
    this.seed = seed;
    this.style = style;
    this.pace = pace;
  }

  @Override
  public void train(TrialContext trial) throws Exception {
    KeyedRandom luck = KeyedRandom.stream(seed, "trainer " + trial.trial(), trial.attempt());
    long step = trial.startStep();
    if (trial.resumeFrom().isPresent()) {
      step = read(trial.resumeFrom().get());
    }
    while (step < trial.maxResource()) {
      pace.sleep((long) (style.stepNanos() * (0.5 + luck.nextDouble())));
      step = Math.min(trial.maxResource(), step + 1 + luck.nextInt(style.stride()));
      fail(luck);
      if (trial.checkpointDue(step) || luck.nextInt(5) == 0) {
        byte[] content = (trial.trial() + " " + step).getBytes(UTF_8);
        trial.checkpoint(step, out -> out.write(content));
      }
      Directive directive = trial.report(step, Map.of("loss", value(trial.trial(), step)));
      if (style.split()) {
        directive = trial.report(step, Map.of("size", 1.0 * step));
      }
      boolean deaf = luck.nextInt(40) == 0;
      if (directive.mustEnd() && !deaf) {
        return;
      }
    }
  }

  private static long read(ResumePoint resume) throws IOException {
    String content;
    try (InputStream in = resume.open()) {
      content = new String(in.readAllBytes(), UTF_8);
    }
    long step = Long.parseLong(content.substring(content.indexOf(' ') + 1));
    if (step != resume.step()) {
      throw new IOException("expected the checkpoint of step " + resume.step() + ": " + content);
    }
    return step;
  }

  private void fail(KeyedRandom luck) throws DivergedException, InfeasibleException {
    if (luck.nextInt(style.failOdds()) > 0) {
      return;
    }
    switch (luck.nextInt(5)) {
      case 0 -> throw new DivergedException("it diverged");
      case 1 -> throw new InfeasibleException("it cannot be trained");
      case 2 -> throw new OutOfMemoryError("as the simulation wants it");
      default -> throw new IllegalStateException("an error of the trainer");
    }
  }

  private double value(String trial, long step) {
    KeyedRandom random = KeyedRandom.stream(seed, "curve " + trial, step);
    if (random.nextInt(60) == 0) {
      return random.nextInt(2) == 0 ? Double.NaN : Double.POSITIVE_INFINITY;
    }
    double start = KeyedRandom.stream(seed, "curve " + trial, 0).nextDouble();
    double value = start + 0.3 * random.nextDouble() / step;
    return Math.round(value * style.grades()) / (double) style.grades();
  }
}
