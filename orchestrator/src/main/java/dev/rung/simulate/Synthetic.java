package dev.rung.simulate;

import dev.rung.space.Assignment;
import dev.rung.space.KeyedRandom;
import dev.rung.space.Parameter;
import dev.rung.space.Parameter.BooleanParameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.SearchSpace;
import dev.rung.space.Value;
import dev.rung.space.Value.BoolValue;
import dev.rung.space.Value.DoubleValue;
import dev.rung.space.Value.IntValue;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * A task whose losses a function gives. A study may call its objective what it likes: to one that
 * is maximized the loss is shown with the other sign.
 */
public final class Synthetic implements Task {
  /** Samples of Counting-Ones at full resource. */
  private static final int MOST_SAMPLES = 729;

  private static final int COINS = 32;

  /** Of a loss of Hartmann-6, as Hyper-Tune has it. */
  private static final double NOISE = 0.38;

  /** The functions by name. */
  public enum Function {
    /** A loss that is a number of the setting, at every step. */
    CONSTANT,
    /**
     * 32 choices and 32 probabilities, all ones are best; the probabilities are seen through the
     * more samples the longer it trains (Falkner et al., BOHB, ICML 2018, section 5.1; samples and
     * scale as in Li et al., Hyper-Tune, VLDB 2022).
     */
    COUNTING_ONES,
    /**
     * Hartmann (1973) in six dimensions, with noise that falls with training (Hyper-Tune). The
     * lowest value is -3.32237.
     */
    HARTMANN,
    /** Branin (1972) with the noise of Hartmann; the lowest value is 5 / (4 pi). */
    BRANIN;

    /** What a command line calls it. */
    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  private final Function function;
  private final List<String> losses;
  private final List<String> gains;
  private final long most;
  private final long seed;
  private final SearchSpace space;

  /**
   * The task of a function.
   *
   * @param losses metrics that show the loss
   * @param gains metrics that show it with the other sign
   * @param most the largest resource, at which there is the least noise
   */
  public Synthetic(Function function, List<String> losses, List<String> gains, long most) {
    this(function, losses, gains, most, 0);
  }

  private Synthetic(
      Function function, List<String> losses, List<String> gains, long most, long seed) {
    this.function = function;
    this.losses = List.copyOf(losses);
    this.gains = List.copyOf(gains);
    this.most = most;
    this.seed = seed;
    this.space = space(function);
  }

  private static SearchSpace space(Function function) {
    List<Parameter> parameters = new ArrayList<>();
    switch (function) {
      case CONSTANT -> parameters.add(new FloatParameter("x", 0, 1, false, 0));
      case COUNTING_ONES -> {
        for (int i = 1; i <= COINS; i++) {
          parameters.add(new BooleanParameter("choice_" + i));
        }
        for (int i = 1; i <= COINS; i++) {
          parameters.add(new FloatParameter("chance_" + i, 0, 1, false, 0));
        }
      }
      case HARTMANN -> {
        for (int i = 1; i <= 6; i++) {
          parameters.add(new FloatParameter("x" + i, 0, 1, false, 0));
        }
      }
      case BRANIN -> {
        parameters.add(new FloatParameter("x", -5, 10, false, 0));
        parameters.add(new FloatParameter("y", 0, 15, false, 0));
      }
    }
    return new SearchSpace(parameters);
  }

  @Override
  public SearchSpace space() {
    return space;
  }

  @Override
  public Task seeded(long other) {
    return new Synthetic(function, losses, gains, most, other);
  }

  @Override
  public SortedSet<String> metrics() {
    return new TreeSet<>();
  }

  @Override
  public OptionalLong lastStep() {
    return OptionalLong.empty();
  }

  @Override
  public Map<String, Double> measure(Assignment assignment, int trial, long step) {
    double loss = loss(assignment, trial, step);
    if (losses.size() == 1 && gains.isEmpty()) {
      return Map.of(losses.get(0), loss);
    }
    Map<String, Double> metrics = new HashMap<>();
    losses.forEach(name -> metrics.put(name, loss));
    gains.forEach(name -> metrics.put(name, -loss));
    return metrics;
  }

  private double loss(Assignment assignment, int trial, long step) {
    return switch (function) {
      case CONSTANT -> constant(assignment);
      case COUNTING_ONES -> countingOnes(assignment, trial, step);
      case HARTMANN -> Functions.hartmann(numbers(assignment)) + noise(trial, step);
      case BRANIN -> {
        double[] x = numbers(assignment);
        yield Functions.branin(x[0], x[1]) + noise(trial, step);
      }
    };
  }

  /** Any space will do, so that the counts of a study can be seen whatever it searches. */
  private double constant(Assignment assignment) {
    return KeyedRandom.stream(seed, assignment.toString(), 0).nextDouble();
  }

  private double countingOnes(Assignment assignment, int trial, long step) {
    int samples = (int) Math.max(1, MOST_SAMPLES * step / most);
    Chance chance = new Chance(seed, "samples of trial " + trial, step);
    double sum = 0;
    double[] numbers = numbers(assignment);
    for (int i = 0; i < numbers.length; i++) {
      sum += i < COINS ? numbers[i] : (double) chance.successes(samples, numbers[i]) / samples;
    }
    return numbers.length - sum;
  }

  private double noise(int trial, long step) {
    double deviation = NOISE * (1.0 / step - 1.0 / most);
    return deviation <= 0
        ? 0
        : deviation * new Chance(seed, "noise of trial " + trial, step).normal();
  }

  private static double[] numbers(Assignment assignment) {
    return assignment.values().stream().mapToDouble(Synthetic::number).toArray();
  }

  private static double number(Value value) {
    return switch (value) {
      case DoubleValue(double x) -> x;
      case IntValue(long x) -> x;
      case BoolValue(boolean x) -> x ? 1 : 0;
      case Value other ->
          throw new IllegalArgumentException("expected a number, but came " + other.text());
    };
  }
}
