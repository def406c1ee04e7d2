package dev.rung.searcher;

import dev.rung.space.Assignment;
import dev.rung.space.Dimension;
import dev.rung.space.KeyedRandom;
import dev.rung.space.SearchSpace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;

/**
 * A tree-structured Parzen estimator over all coordinates at once (Bergstra et al., Algorithms for
 * Hyper-Parameter Optimization, NIPS 2011; Falkner et al., BOHB, ICML 2018): of points drawn from
 * where good trials are, the one that is least where bad ones are. Constants are those of Optuna's
 * multivariate TPE (Akiba et al., KDD 2019).
 *
 * <p>The trials compared are those of the highest rung that has enough of them. A trial that may
 * still get there counts as bad, so that parallel trials keep away from one another.
 */
final class TpeProposer implements Proposer {
  /** Entries of a rung below which it says too little. */
  static final int LEAST_ENTRIES = 10;

  /** Good trials at most, with one objective. */
  private static final int MOST_GOOD = 25;

  /** Trials that count in full; those before them count less the older they are. */
  private static final int RECENT = 25;

  private final SearchSpace space;
  private final List<Dimension> dimensions;
  private final long seed;
  private final Experience experience;
  private final List<Kernel> priors;

  TpeProposer(SearchSpace space, long seed) {
    this.space = space;
    this.dimensions = space.dimensions();
    this.seed = seed;
    this.experience = new Experience(space);
    this.priors = Kernels.wide(dimensions);
  }

  @Override
  public String name() {
    return "tpe";
  }

  @Override
  public void observe(Observation observation) {
    experience.observe(observation);
  }

  @Override
  public Stream<Assignment> proposals(int trial) {
    KeyedRandom random = KeyedRandom.stream(seed, "tpe", trial);
    OptionalInt rung = modelled();
    if (rung.isEmpty()) {
      return RandomPoints.of(space, random);
    }
    Fronts entries = experience.entries(rung.getAsInt());
    int good = good(entries.size(), entries.objectives());
    Mixture likely = mixture(entries.inOrder().limit(good).boxed().toList());
    List<Integer> bad = new ArrayList<>(entries.inOrder().skip(good).boxed().toList());
    bad.addAll(experience.pending(rung.getAsInt()));
    Mixture unlikely = mixture(bad);
    return Candidates.of(
        space,
        random,
        likely::sample,
        point -> likely.logDensity(point) - unlikely.logDensity(point));
  }

  /** As in BOHB a model needs more entries than coordinates. */
  private OptionalInt modelled() {
    int least = Math.max(LEAST_ENTRIES, dimensions.size() + 1);
    for (int k = experience.rungs() - 1; k >= 0; k--) {
      if (experience.entries(k).size() >= least) {
        return OptionalInt.of(k);
      }
    }
    return OptionalInt.empty();
  }

  /** How many of so many trials are good. */
  static int good(int trials, int objectives) {
    int tenth = (trials + 9) / 10;
    return objectives > 1 ? tenth : Math.min(tenth, MOST_GOOD);
  }

  /** The weights of trials, the oldest first. */
  static double[] weights(int trials) {
    double[] weights = new double[trials];
    Arrays.fill(weights, 1);
    int older = trials - RECENT;
    for (int i = 0; i < older; i++) {
      double first = 1.0 / trials;
      weights[i] = older == 1 ? first : first + i * (1 - first) / (older - 1);
    }
    return weights;
  }

  /** The width of a kernel among so many, in so many dimensions. */
  static double deviation(int trials, int dimensions) {
    double narrowest = 1 / Math.min(100, trials + 2.0);
    return Math.clamp(0.2 * Math.pow(Math.max(trials, 1), -1.0 / (dimensions + 4)), narrowest, 1);
  }

  /** One component a trial, and one for what was believed before any. */
  private Mixture mixture(List<Integer> trials) {
    int n = trials.size();
    Kernels kernels =
        new Kernels(dimensions, deviation(n, dimensions.size()), 1.0 / (n + 1), priors);
    List<Kernel[]> components = new ArrayList<>(n + 1);
    trials.stream()
        .sorted()
        .forEach(trial -> components.add(kernels.around(experience.point(trial))));
    components.add(priors.toArray(Kernel[]::new));
    double[] weights = Arrays.copyOf(weights(n), n + 1);
    weights[n] = 1;
    return new Mixture(components, weights);
  }
}
