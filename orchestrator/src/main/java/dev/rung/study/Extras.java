package dev.rung.study;

import dev.rung.halving.Curve;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.TreeMap;

/**
 * What few studies and few trials have, for a {@link StudySnapshot}.
 *
 * @param costs of attempts by trial and then in their order; only trials that have cost something
 * @param hourPrices of attempts that run, by their trials
 * @param trials parts of trials by their number; only those that have some
 */
@SuppressWarnings("ArrayRecordComponent") // Columns are never compared.
public record Extras(
    int clones,
    double cost,
    int sinceBest,
    Map<Integer, Lineage> cloned,
    Map<Integer, double[]> costs,
    Map<Integer, OfTrial> trials,
    Optional<String> newestChange,
    OptionalInt toYield,
    OptionalDouble money,
    Optional<Map<Integer, Double>> hourPrices) {

  /** Parts of a trial. */
  public record OfTrial(
      int parent,
      boolean closedByEnd,
      int entering,
      Optional<Awaited> awaited,
      Optional<CurveColumns> curve) {}

  /** Points of a curve. */
  @SuppressWarnings("ArrayRecordComponent") // Columns are never compared.
  public record CurveColumns(long[] steps, double[] losses) {}

  static Extras of(StudyState s) {
    Map<Integer, double[]> costs = new TreeMap<>();
    Map<Integer, OfTrial> trials = new TreeMap<>();
    for (Trial trial : s.trials()) {
      if (trial.attempts.stream().anyMatch(attempt -> attempt.cost != 0)) {
        costs.put(
            trial.number, trial.attempts.stream().mapToDouble(attempt -> attempt.cost).toArray());
      }
      if (trial.parent != 0 || trial.closedByEnd || trial.awaited != null || trial.curve != null) {
        trials.put(
            trial.number,
            new OfTrial(
                trial.parent,
                trial.closedByEnd,
                trial.entering,
                Optional.ofNullable(trial.awaited),
                Optional.ofNullable(trial.curve).map(Extras::columns)));
      }
    }
    return new Extras(
        s.clones,
        s.cost,
        s.sinceBest,
        new TreeMap<>(s.cloned),
        costs,
        trials,
        s.newestChange.isEmpty() ? Optional.empty() : Optional.of(s.newestChange),
        s.toYield == 0 ? OptionalInt.empty() : OptionalInt.of(s.toYield),
        s.money == 0 ? OptionalDouble.empty() : OptionalDouble.of(s.money),
        prices(s));
  }

  /** Of attempts that run; of those that ended what they have cost is counted. */
  private static Optional<Map<Integer, Double>> prices(StudyState s) {
    Map<Integer, Double> prices = new TreeMap<>();
    for (int number : s.running()) {
      double price = StudyKernel.existing(s, number).lastAttempt().hourPrice;
      if (price != 0) {
        prices.put(number, price);
      }
    }
    return prices.isEmpty() ? Optional.empty() : Optional.of(prices);
  }

  private static CurveColumns columns(Curve curve) {
    long[] steps = new long[curve.size()];
    double[] losses = new double[curve.size()];
    for (int i = 0; i < steps.length; i++) {
      steps[i] = curve.step(i);
      losses[i] = curve.loss(i);
    }
    return new CurveColumns(steps, losses);
  }

  void restore(StudyState s) {
    s.clones = clones;
    s.cost = cost;
    s.sinceBest = sinceBest;
    s.cloned.putAll(cloned);
    s.newestChange = newestChange.orElse("");
    s.toYield = toYield.orElse(0);
    s.money = money.orElse(0);
    hourPrices
        .orElse(Map.of())
        .forEach(
            (number, price) -> StudyKernel.existing(s, number).lastAttempt().hourPrice = price);
    costs.forEach((number, values) -> {
      Trial trial = StudyKernel.existing(s, number);
      for (int i = 0; i < values.length; i++) {
        trial.attempts.get(i).cost = values[i];
      }
    });
    trials.forEach((number, parts) -> {
      Trial trial = StudyKernel.existing(s, number);
      trial.parent = parts.parent();
      trial.closedByEnd = parts.closedByEnd();
      trial.entering = parts.entering();
      trial.awaited = parts.awaited().orElse(null);
      trial.curve = parts.curve().map(c -> new Curve(c.steps(), c.losses())).orElse(null);
    });
  }
}
