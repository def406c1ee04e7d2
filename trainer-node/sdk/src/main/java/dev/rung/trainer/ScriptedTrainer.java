package dev.rung.trainer;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Follows a learning curve by formula, for tests and demonstrations. The same assignment,
 * configuration and seed give the same metrics, over pauses too.
 *
 * <p>Every metric that the study wants, or {@code loss} where it wants none, is {@code loss(step)},
 * or {@code 1 - loss(step)} where {@code goal} is {@code maximize}:
 *
 * <pre>
 *   loss(step)  = final + (start - final) * decay(step) + noise * normal(seed, step)
 *   final       = floor + spread * d            d = mean over the parameters of x^2 / (1 + x^2)
 *   decay(step) = (1 + step)^-speed  (power)    or  exp(-speed * step)  (exponential)
 *   speed       = rate * (1 - crossing * (1 - d))
 * </pre>
 *
 * <p>where x is how far a parameter lies from its hidden optimum: decades, {@code log10(value /
 * optimum)}, where both are positive, else the difference; 0 or 1 for texts and booleans. The
 * optimum is {@code optimum_NAME}, by default 0.01 for real numbers, 64 for whole ones, true for
 * booleans; a text without one, a list and a schedule do not matter. With a {@code crossing} above
 * 0 the better a trial ends, the slower it gets there, so that curves cross and early values
 * mislead.
 *
 * <p>{@code curve: descent} computes nothing by formula: it trains 16 weights with the assignment's
 * {@code learning_rate}, for which a rate that falls with time is best.
 *
 * <p>Configuration, all optional: {@code curve} (power, exponential, table or descent), {@code
 * values} (the table: one loss a step, the last one repeated), {@code goal} (minimize or maximize),
 * {@code start} (1), {@code floor} (0.05), {@code spread} (0.5), {@code rate} (0.5), {@code
 * crossing} (0, below 1), {@code noise} (0), {@code step_seconds} (0), {@code checkpoint_every} (0:
 * when due only), and the steps of misfortunes: {@code fail_at} (an error of the trainer, in the
 * first {@code fail_attempts} attempts, 1), {@code memory_at}, {@code diverge_at}, {@code nan_at},
 * {@code infeasible_at}.
 */
public final class ScriptedTrainer implements Trainer {
  static final String OPTIMUM = "optimum_";
  private static final Set<String> KEYS =
      Set.of(
          "curve",
          "values",
          "goal",
          "start",
          "floor",
          "spread",
          "rate",
          "crossing",
          "noise",
          "step_seconds",
          "checkpoint_every",
          "fail_at",
          "fail_attempts",
          "memory_at",
          "diverge_at",
          "nan_at",
          "infeasible_at");

  private static final long MAGIC = 0x52756e6753637231L;

  @Override
  public void train(TrialContext trial) throws Exception {
    Values config = trial.config();
    checkKeys(config);
    boolean maximize = choice(config, "goal", "minimize", "maximize").equals("maximize");
    String form = choice(config, "curve", "power", "exponential", "table", "descent");
    Course course = form.equals("descent") ? new Descent(trial) : new ScriptedCurve(trial, form);
    if (trial.resumeFrom().isPresent()) {
      resume(trial.resumeFrom().get(), course);
    }
    Set<String> names = new HashSet<>(trial.objectives());
    if (names.isEmpty()) {
      names.add("loss");
    }
    long pauseMillis = Math.round(config.getDouble("step_seconds", 0) * 1_000);
    long every = config.getLong("checkpoint_every", 0);
    for (long step = trial.startStep() + 1; step <= trial.maxResource(); step++) {
      Thread.sleep(pauseMillis);
      suffer(trial, step);
      double loss = course.loss(step);
      if (trial.checkpointDue(step) || (every > 0 && step % every == 0)) {
        checkpoint(trial, step, course);
      }
      if (step == config.getLong("nan_at", 0)) {
        loss = Double.NaN;
      }
      double metric = maximize ? 1 - loss : loss;
      Map<String, Double> metrics = new HashMap<>();
      names.forEach(name -> metrics.put(name, metric));
      if (trial.report(step, metrics).mustEnd()) {
        return;
      }
    }
  }

  private static void checkKeys(Values config) {
    for (String name : config.names()) {
      if (!KEYS.contains(name) && !name.startsWith(OPTIMUM)) {
        throw new IllegalArgumentException(
            "expected trainer.config to hold optimum_NAME or one of "
                + KEYS.stream().sorted().toList()
                + ", got '"
                + name
                + "'");
      }
    }
  }

  private static void suffer(TrialContext trial, long step) throws Exception {
    Values config = trial.config();
    if (step == config.getLong("fail_at", 0)
        && trial.attempt() <= config.getLong("fail_attempts", 1)) {
      throw new IllegalStateException("the script fails at step " + step);
    }
    if (step == config.getLong("memory_at", 0)) {
      throw new OutOfMemoryError("the script runs out of memory at step " + step);
    }
    if (step == config.getLong("diverge_at", 0)) {
      throw new DivergedException("the script diverges at step " + step);
    }
    if (step == config.getLong("infeasible_at", 0)) {
      throw new InfeasibleException("the script cannot be trained past step " + step);
    }
  }

  private static void checkpoint(TrialContext trial, long step, Course course) throws IOException {
    trial.checkpoint(
        step,
        out -> {
          DataOutputStream data = new DataOutputStream(out);
          data.writeLong(MAGIC);
          data.writeLong(step);
          course.save(data);
        });
  }

  private static void resume(ResumePoint point, Course course) throws IOException {
    try (DataInputStream data = new DataInputStream(point.open())) {
      long magic = data.readLong();
      long step = data.readLong();
      if (magic != MAGIC || step != point.step()) {
        throw new IOException(
            "expected the checkpoint of a script at step " + point.step() + ", got step " + step);
      }
      course.restore(data);
    }
  }

  /** One of the texts, the first by default. */
  private static String choice(Values config, String key, String... choices) {
    String value = config.getString(key, choices[0]);
    if (!List.of(choices).contains(value)) {
      throw new IllegalArgumentException(
          "expected '" + key + "' to be one of " + List.of(choices) + ", got '" + value + "'");
    }
    return value;
  }
}
