package dev.rung.space;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The shapes of a hyper-parameter that is a function of training time. Each is defined for every
 * step: a step before 0 counts as 0, and one past {@code total} as {@code total}, so that the last
 * value stays. With {@code t} the step, {@code n} the total and {@code w} the warm-up:
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
 */
public enum ScheduleForm {
  CONSTANT,
  EXPONENTIAL,
  COSINE,
  ONE_CYCLE,
  PIECEWISE;

  /** The form of a name as in a study file; empty: there is none. */
  public static Optional<ScheduleForm> of(String written) {
    return List.of(values()).stream().filter(form -> form.written().equals(written)).findFirst();
  }

  /** The name as in a study file. */
  public String written() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The names of its coefficients; empty where they are numbered: value_0, at_1, value_1, ... */
  public List<String> coefficients() {
    return switch (this) {
      case CONSTANT -> List.of("value");
      case EXPONENTIAL, COSINE -> List.of("initial", "final", "total", "warmup");
      case ONE_CYCLE -> List.of("initial", "peak", "final", "peak_at", "total");
      case PIECEWISE -> List.of();
    };
  }

  /**
   * The value at a step.
   *
   * @param given every coefficient of the form, by name
   */
  public double at(Map<String, Double> given, double step) {
    double t = Math.max(step, 0);
    return switch (this) {
      case CONSTANT -> of(given, "value");
      case EXPONENTIAL, COSINE -> {
        double initial = of(given, "initial");
        double warmup = of(given, "warmup");
        yield t < warmup
            ? initial * (t + 1) / (warmup + 1)
            : fall(initial, of(given, "final"), share(t - warmup, of(given, "total") - warmup));
      }
      case ONE_CYCLE -> {
        double turn = of(given, "peak_at") * of(given, "total");
        double peak = of(given, "peak");
        yield t < turn
            ? halfCosine(of(given, "initial"), peak, t / turn)
            : halfCosine(peak, of(given, "final"), share(t - turn, of(given, "total") - turn));
      }
      case PIECEWISE -> {
        int piece = 0;
        while (given.containsKey("at_" + (piece + 1)) && t >= of(given, "at_" + (piece + 1))) {
          piece++;
        }
        yield of(given, "value_" + piece);
      }
    };
  }

  private double fall(double initial, double end, double share) {
    return this == COSINE
        ? halfCosine(initial, end, share)
        : initial * Math.pow(end / initial, share);
  }

  private static double halfCosine(double from, double to, double share) {
    return to + (from - to) * (1 + Math.cos(Math.PI * share)) / 2;
  }

  /** From 0 to 1; all of nothing is over. */
  private static double share(double part, double whole) {
    return whole > 0 ? Math.min(1, part / whole) : 1;
  }

  private static double of(Map<String, Double> given, String name) {
    Double value = given.get(name);
    if (value == null) {
      throw new IllegalArgumentException(
          "expected a coefficient %s, but came %s".formatted(name, given.keySet()));
    }
    return value;
  }
}
