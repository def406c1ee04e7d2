package dev.rung.trainer;

import java.util.List;
import java.util.SplittableRandom;

/** The learning curve of one assignment, by the formula of {@link ScriptedTrainer}. */
final class ScriptedCurve implements Course {
  private final boolean exponential;
  private final List<Double> table;
  private final double start;
  private final double end;
  private final double speed;
  private final double noise;
  private final long seed;

  ScriptedCurve(TrialContext trial, String form) {
    Values config = trial.config();
    exponential = form.equals("exponential");
    table = form.equals("table") ? config.getDoubles("values") : List.of();
    if (form.equals("table") && table.isEmpty()) {
      throw new IllegalArgumentException("expected at least one number in 'values', got none");
    }
    double crossing = config.getDouble("crossing", 0);
    if (!(crossing >= 0 && crossing < 1)) {
      throw new IllegalArgumentException(
          "expected 'crossing' to be from 0 to below 1, got " + crossing);
    }
    double distance = distance(trial);
    start = config.getDouble("start", 1);
    speed = config.getDouble("rate", 0.5) * (1 - crossing * (1 - distance));
    noise = config.getDouble("noise", 0);
    end = config.getDouble("floor", 0.05) + config.getDouble("spread", 0.5) * distance;
    seed = trial.seed();
  }

  @Override
  public double loss(long step) {
    double loss;
    if (table.isEmpty()) {
      double decay = exponential ? Math.exp(-speed * step) : Math.pow(1.0 + step, -speed);
      loss = end + (start - end) * decay;
    } else {
      loss = table.get((int) Math.min(step, table.size()) - 1);
    }
    // A stream a step: a resumed trial draws what it would have drawn.
    return loss + noise * new SplittableRandom(seed ^ (step * 0x9E3779B97F4A7C15L)).nextGaussian();
  }

  private static double distance(TrialContext trial) {
    Values assignment = trial.assignment();
    double sum = 0;
    for (String name : assignment.names()) {
      double x = offset(assignment, name, trial.config(), ScriptedTrainer.OPTIMUM + name);
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
}
