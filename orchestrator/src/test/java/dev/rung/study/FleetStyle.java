package dev.rung.study;

import dev.rung.halving.HalvingRules.Mode;
import dev.rung.space.KeyedRandom;

/**
 * How the fleet of one seed behaves.
 *
 * @param slots of each node
 * @param stride most steps between two reports; more than a rung apart makes reports sparse
 * @param split whether metrics of a step come in two points
 * @param faulty whether anything goes wrong
 * @param endOdds one in so many reports is an end instead
 * @param nanOdds one in so many values is not finite
 * @param grades number of distinct values; few make ties
 */
record FleetStyle(
    int slots, int stride, boolean split, boolean faulty, int endOdds, int nanOdds, int grades) {

  /** Half of the studies have the rules that the referees know. */
  private static final String[] HALVING = {
    "asha",
    "asha",
    "asha",
    "asha",
    "asha",
    "asha",
    "none",
    "auto",
    "auto",
    "hyperband",
    "population",
    "pasha",
    "median",
    "cost-aware"
  };

  static FleetStyle of(KeyedRandom random) {
    int[] strides = {1, 1, 2, 3, 8};
    return new FleetStyle(
        1 + random.nextInt(3),
        strides[random.nextInt(strides.length)],
        random.nextInt(3) == 0,
        random.nextInt(5) > 0,
        10 + random.nextInt(60),
        15 + random.nextInt(60),
        3 + random.nextInt(60));
  }

  static Plans plan(KeyedRandom random, long seed) {
    int trials = 3 + random.nextInt(30);
    int eta = 2 + random.nextInt(3);
    long min = 1L + random.nextInt(2);
    Plans plans = Plans.plan().seed(seed).trials(trials).levels(min, min + random.nextInt(27), eta);
    int rule = random.nextInt(6);
    switch (rule) {
      case 0, 1 -> plans.delayed();
      case 2 -> plans.mode(Mode.STOPPING);
      case 3 -> plans.mode(Mode.QUANTILE);
      default -> {
        // Plain promotion.
      }
    }
    if (random.nextInt(3) == 0) {
      plans.maximize();
    }
    boolean several = random.nextInt(4) == 0;
    boolean constrained = random.nextInt(6) == 0;
    if (several) {
      plans.also("size");
    }
    if (constrained) {
      plans.atMost("other", 1.5);
    }
    if (!several && !constrained && random.nextInt(4) == 0) {
      plans.takeBest();
    }
    String halving = HALVING[random.nextInt(HALVING.length)];
    plans.halving(halving);
    boolean pauses = rule != 2 && !halving.equals("median") && !halving.equals("population");
    if (pauses && random.nextInt(8) == 0) {
      plans.alsoFromOutside("rating");
    }
    if (random.nextInt(10) == 0) {
      plans.noImprovement(1 + random.nextInt(trials));
    }
    if (random.nextInt(10) == 0) {
      plans.cost(1 + random.nextInt(trials * 4));
    }
    if (random.nextInt(4) == 0) {
      plans.parallel(1 + random.nextInt(8));
    }
    if (random.nextInt(4) == 0) {
      plans.resource(10 + random.nextInt(trials * 10));
    }
    if (random.nextInt(10) == 0) {
      plans.millis(2_000 + random.nextInt(40_000));
    }
    if (random.nextInt(10) == 0) {
      plans.target(0.01);
    }
    // Answers come from the fleet; the study only keeps what such a searcher would be shown.
    return seed % 4 == 0 ? plans.search("tpe") : plans;
  }

  /** A curve that falls or rises with the step from where its trial begins. */
  double value(KeyedRandom random, long seed, int trial, long step) {
    if (faulty && random.nextInt(nanOdds) == 0) {
      double[] odd = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
      return odd[random.nextInt(odd.length)];
    }
    double start = KeyedRandom.stream(seed, "curve", trial).nextDouble();
    double value = start + 0.3 * random.nextDouble() / step;
    return Math.round(value * grades) / (double) grades;
  }
}
