package dev.rung.trainer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A hyper-parameter that is a function of training time, for instance a learning rate. Immutable.
 *
 * <p>It has a value for every step: a step before 0 counts as 0, and one past {@code total} as
 * {@code total}, so that the last value stays. With {@code t} the step, {@code n} the total and
 * {@code w} the warm-up:
 *
 * <ul>
 *   <li>warm-up, in front of the forms that take one: {@code initial (t + 1) / (w + 1)} for {@code
 *       t < w}, the gradual warm-up of Goyal et al. (Accurate, Large Minibatch SGD, 2017, section
 *       2.2), which begins above 0; then the form with {@code t - w} and {@code n - w} in place of
 *       {@code t} and {@code n}
 *   <li>constant: {@code value}
 *   <li>exponential: {@code initial (final / initial)^(t / n)}
 *   <li>cosine: {@code final + (initial - final) (1 + cos(pi t / n)) / 2} (Loshchilov and Hutter:
 *       SGDR, ICLR 2017, equation 5, without restarts)
 *   <li>one_cycle: a rise from {@code initial} to {@code peak} over the first {@code peak_at n}
 *       steps, then a fall to {@code final}, both as half a cosine (Smith and Topin:
 *       Super-Convergence, 2018; with cosines as in fastai and PyTorch)
 *   <li>piecewise: {@code value_0} up to step {@code at_1}, {@code value_1} from that step to
 *       {@code at_2}, and so on
 * </ul>
 *
 * <p>The steps are the study's: where a step is an epoch, the value for the epoch that follows the
 * first {@code t} is {@code at(t)}, and fractions of an epoch may be given.
 */
public final class Schedule {
  private static final Map<String, List<String>> COEFFICIENTS =
      Map.of(
          "constant", List.of("value"),
          "exponential", List.of("initial", "final", "total"),
          "cosine", List.of("initial", "final", "total"),
          "one_cycle", List.of("initial", "peak", "final", "peak_at", "total"),
          "piecewise", List.of("value_0"));

  private final String form;
  private final Map<String, Double> coefficients;

  private Schedule(String form, Map<String, Double> coefficients) {
    this.form = form;
    this.coefficients = Map.copyOf(coefficients);
  }

  /**
   * A schedule.
   *
   * @param form constant, exponential, cosine, one_cycle or piecewise
   * @param coefficients those that the formula of the form names; a warm-up that is absent is 0
   * @throws IllegalArgumentException the form is unknown or one of its coefficients is missing
   */
  public static Schedule of(String form, Map<String, Double> coefficients) {
    List<String> needed = COEFFICIENTS.get(form);
    if (needed == null) {
      throw new IllegalArgumentException(
          "expected a schedule of a form of "
              + COEFFICIENTS.keySet().stream().sorted().toList()
              + ", but it is "
              + form);
    }
    Map<String, Double> given = new HashMap<>(coefficients);
    for (int piece = 1; given.containsKey("at_" + piece); piece++) {
      require(form, "value_" + piece, given);
    }
    needed.forEach(name -> require(form, name, given));
    return new Schedule(form, given);
  }

  /** The same value at every step. */
  public static Schedule constant(double value) {
    return of("constant", Map.of("value", value));
  }

  /** {@link #of(String, Map)} of a message. */
  public static Schedule fromProto(dev.rung.proto.v1.Schedule schedule) {
    return of(schedule.getForm(), schedule.getCoefficientsMap());
  }

  /** The name of its formula. */
  public String form() {
    return form;
  }

  /** The coefficients of its formula, by name. */
  public Map<String, Double> coefficients() {
    return coefficients;
  }

  /** The value at a step of the study. */
  public double at(double step) {
    double t = Math.max(step, 0);
    return switch (form) {
      case "constant" -> of("value");
      case "one_cycle" -> oneCycle(t);
      case "piecewise" -> piecewise(t);
      default -> warmedUp(t);
    };
  }

  private double warmedUp(double t) {
    double warmup = coefficients.getOrDefault("warmup", 0.0);
    double initial = of("initial");
    if (t < warmup) {
      return initial * (t + 1) / (warmup + 1);
    }
    double share = share(t - warmup, of("total") - warmup);
    return form.equals("cosine")
        ? halfCosine(initial, of("final"), share)
        : initial * Math.pow(of("final") / initial, share);
  }

  private double oneCycle(double t) {
    double turn = of("peak_at") * of("total");
    return t < turn
        ? halfCosine(of("initial"), of("peak"), t / turn)
        : halfCosine(of("peak"), of("final"), share(t - turn, of("total") - turn));
  }

  private double piecewise(double t) {
    int piece = 0;
    while (coefficients.containsKey("at_" + (piece + 1)) && t >= of("at_" + (piece + 1))) {
      piece++;
    }
    return of("value_" + piece);
  }

  private static double halfCosine(double from, double to, double share) {
    return to + (from - to) * (1 + Math.cos(Math.PI * share)) / 2;
  }

  /** From 0 to 1; all of nothing is over. */
  private static double share(double part, double whole) {
    return whole > 0 ? Math.min(1, part / whole) : 1;
  }

  private double of(String name) {
    return coefficients.getOrDefault(name, Double.NaN);
  }

  private static void require(String form, String name, Map<String, Double> given) {
    if (!given.containsKey(name)) {
      throw new IllegalArgumentException(
          "expected a coefficient "
              + name
              + " of a "
              + form
              + " schedule, but there are only "
              + given.keySet().stream().sorted().toList());
    }
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Schedule that
        && form.equals(that.form)
        && coefficients.equals(that.coefficients);
  }

  @Override
  public int hashCode() {
    return 31 * form.hashCode() + coefficients.hashCode();
  }

  @Override
  public String toString() {
    return form + new TreeMap<>(coefficients);
  }
}
