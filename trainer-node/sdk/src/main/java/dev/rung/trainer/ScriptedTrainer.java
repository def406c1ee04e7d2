package dev.rung.trainer;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/**
 * Trains nothing: follows a learning curve by formula, for tests and demonstrations. The same
 * assignment, configuration and seed give the same metrics, over pauses too.
 *
 * <p>Every objective of the study is {@code loss(step)}, or {@code 1 - loss(step)} where {@code
 * goal} is {@code maximize}:
 *
 * <pre>
 *   loss(step)  = final + (start - final) * decay(step) + noise * normal(seed, step)
 *   final       = floor + spread * d            d = mean over the parameters of x^2 / (1 + x^2)
 *   decay(step) = (1 + step)^-rate  (power)     or  exp(-rate * step)  (exponential)
 * </pre>
 *
 * <p>where x is how far a parameter lies from its hidden optimum: decades, {@code log10(value /
 * optimum)}, where both are positive, else the difference; 0 or 1 for texts and booleans. The
 * optimum is {@code optimum_NAME}, by default 0.01 for real numbers, 64 for whole ones, true for
 * booleans; a text without one, a list and a schedule do not matter.
 *
 * <p>Configuration, all optional: {@code curve} (power, exponential or table), {@code values} (the
 * table: one loss a step, the last one repeated), {@code goal} (minimize or maximize), {@code
 * start} (1), {@code floor} (0.05), {@code spread} (0.5), {@code rate} (0.5), {@code noise} (0),
 * {@code step_seconds} (0), {@code checkpoint_every} (0: when due only), and the steps of
 * misfortunes: {@code fail_at} (an error of the trainer, in the first {@code fail_attempts}
 * attempts, 1), {@code memory_at}, {@code diverge_at}, {@code nan_at}, {@code infeasible_at}.
 */
public final class ScriptedTrainer implements Trainer {
  private static final String OPTIMUM = "optimum_";
  private static final Set<String> KEYS =
      Set.of(
          "curve",
          "values",
          "goal",
          "start",
          "floor",
          "spread",
          "rate",
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
    if (trial.resumeFrom().isPresent()) {
      resume(trial.resumeFrom().get());
    }
    Curve curve = new Curve(trial);
    long pauseMillis = Math.round(config.getDouble("step_seconds", 0) * 1_000);
    long every = config.getLong("checkpoint_every", 0);
    for (long step = trial.startStep() + 1; step <= trial.maxResource(); step++) {
      Thread.sleep(pauseMillis);
      suffer(trial, step);
      if (trial.checkpointDue(step) || (every > 0 && step % every == 0)) {
        checkpoint(trial, step);
      }
      double metric = step == config.getLong("nan_at", 0) ? Double.NaN : curve.metric(step);
      Map<String, Double> metrics = new HashMap<>();
      trial.objectives().forEach(name -> metrics.put(name, metric));
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

  private static void checkpoint(TrialContext trial, long step) throws IOException {
    trial.checkpoint(
        step,
        out -> {
          DataOutputStream data = new DataOutputStream(out);
          data.writeLong(MAGIC);
          data.writeLong(step);
        });
  }

  private static void resume(ResumePoint point) throws IOException {
    try (DataInputStream data = new DataInputStream(point.open())) {
      long magic = data.readLong();
      long step = data.readLong();
      if (magic != MAGIC || step != point.step()) {
        throw new IOException(
            "expected the checkpoint of a script at step " + point.step() + ", got step " + step);
      }
    }
  }

  /** The learning curve of one assignment. */
  private static final class Curve {
    private final boolean maximize;
    private final boolean exponential;
    private final List<Double> table;
    private final double start;
    private final double end;
    private final double rate;
    private final double noise;
    private final long seed;

    Curve(TrialContext trial) {
      Values config = trial.config();
      maximize = choice(config, "goal", "minimize", "maximize").equals("maximize");
      String form = choice(config, "curve", "power", "exponential", "table");
      exponential = form.equals("exponential");
      table = form.equals("table") ? config.getDoubles("values") : List.of();
      if (form.equals("table") && table.isEmpty()) {
        throw new IllegalArgumentException("expected at least one number in 'values', got none");
      }
      start = config.getDouble("start", 1);
      rate = config.getDouble("rate", 0.5);
      noise = config.getDouble("noise", 0);
      end = config.getDouble("floor", 0.05) + config.getDouble("spread", 0.5) * distance(trial);
      seed = trial.seed();
    }

    double metric(long step) {
      double loss;
      if (table.isEmpty()) {
        double decay = exponential ? Math.exp(-rate * step) : Math.pow(1.0 + step, -rate);
        loss = end + (start - end) * decay;
      } else {
        loss = table.get((int) Math.min(step, table.size()) - 1);
      }
      // A stream a step: a resumed trial draws what it would have drawn.
      loss += noise * new SplittableRandom(seed ^ (step * 0x9E3779B97F4A7C15L)).nextGaussian();
      return maximize ? 1 - loss : loss;
    }

    private static double distance(TrialContext trial) {
      Values assignment = trial.assignment();
      double sum = 0;
      for (String name : assignment.names()) {
        double x = offset(assignment, name, trial.config(), OPTIMUM + name);
        sum += x * x / (1 + x * x);
      }
      return assignment.names().isEmpty() ? 0 : sum / assignment.names().size();
    }

    private static double offset(Values assignment, String name, Values config, String key) {
      return switch (assignment.kind(name)) {
        case WHOLE, REAL -> {
          double fallback = assignment.kind(name) == Values.Kind.WHOLE ? 64 : 0.01;
          double value = assignment.getDouble(name);
          double optimum = config.getDouble(key, fallback);
          yield value > 0 && optimum > 0 ? Math.log10(value / optimum) : value - optimum;
        }
        case TEXT -> {
          String value = assignment.getString(name);
          yield config.getString(key, value).equals(value) ? 0 : 1;
        }
        case BOOLEAN -> assignment.getBoolean(name) == config.getBoolean(key, true) ? 0 : 1;
        case LIST, SCHEDULE -> 0;
      };
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
}
