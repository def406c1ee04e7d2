package dev.rung.halving;

import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Function;

/** Every halving rule by the name that a study file gives. */
public final class HalvingRules {
  private static final Map<String, Function<Settings, HalvingRule>> BY_NAME =
      new TreeMap<>(
          Map.of(
              "auto", settings -> new AutoHalving(settings.eta()),
              "asha", HalvingRules::asha,
              "cost-aware", settings -> new CostAwareAsha(settings.eta()),
              "hyperband", HalvingRules::hyperband,
              "median", settings -> new MedianStopping(settings.eta(), MedianStopping.LEAST),
              "none", settings -> new NoHalving(),
              "pasha", settings -> new Pasha(settings.eta(), settings.max()),
              "population", settings -> new Population(settings.trials(), settings.seed())));

  private HalvingRules() {}

  /** What happens to a trial at a rung. */
  public enum Mode {
    /** It pauses until it is among the best. */
    PROMOTION,
    /** It goes on if it is among the best, and is over otherwise. */
    STOPPING,
    /** It pauses until its value is below a quantile of the others. */
    QUANTILE
  }

  /**
   * What a study file can set of a rule.
   *
   * @param eta the reduction factor, at least 2
   * @param delayed whether promotion is delayed; in promotion mode only
   * @param max the largest resource, in the study's unit
   * @param brackets most brackets; empty: as many as there can be
   * @param trials of the budget, which is the size of a population
   * @param seed of the study's randomness
   */
  public record Settings(
      Mode mode,
      int eta,
      boolean delayed,
      long max,
      Optional<Integer> brackets,
      int trials,
      long seed) {}

  /** The known names in alphabetical order. */
  public static Iterable<String> names() {
    return BY_NAME.keySet();
  }

  /**
   * The rule of a name.
   *
   * @throws IllegalArgumentException the name is unknown
   */
  public static HalvingRule of(String name, Settings settings) {
    Function<Settings, HalvingRule> make = BY_NAME.get(name);
    if (make == null) {
      throw new IllegalArgumentException(
          "expected a halving rule of " + BY_NAME.keySet() + ", but came " + name);
    }
    return make.apply(settings);
  }

  private static HalvingRule hyperband(Settings settings) {
    return new Hyperband(asha(settings), settings.eta(), settings.brackets(), settings.seed());
  }

  private static HalvingRule asha(Settings settings) {
    return switch (settings.mode()) {
      case PROMOTION -> new PromotionAsha(settings.eta(), settings.delayed());
      case STOPPING -> new StoppingAsha(settings.eta());
      case QUANTILE -> new QuantileAsha(settings.eta());
    };
  }
}
