package dev.rung.searcher;

import dev.rung.space.Assignment;
import dev.rung.space.Dimension;
import dev.rung.space.KeyedRandom;
import dev.rung.space.SearchSpace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * A tree-structured Parzen estimator, each coordinate on its own, that orders trials by
 * <em>merit</em>: how high they got by being among the best, then their value there. A trial that
 * was carried up without being among the best stands where it would have stopped.
 */
final class MeritProposer implements Proposer {
  /** Entries at the first rung before which points are random. */
  static final int STARTUP = 10;

  private static final int LEAST_GOOD = 3;
  private static final int MOST_GOOD = 25;
  private static final int MOST_BAD = 200;

  private final SearchSpace space;
  private final List<Dimension> dimensions;
  private final long seed;
  private final Experience experience;
  private final Merit merit;

  /**
   * A proposer.
   *
   * @param eta the reduction factor of the study's halving
   */
  MeritProposer(SearchSpace space, long seed, int eta) {
    this.space = space;
    this.dimensions = space.dimensions();
    this.seed = seed;
    this.experience = new Experience(space);
    this.merit = new Merit(experience, eta);
  }

  @Override
  public String name() {
    return "auto";
  }

  @Override
  public void observe(Observation observation) {
    experience.observe(observation);
  }

  @Override
  public Stream<Assignment> proposals(int trial) {
    KeyedRandom random = KeyedRandom.stream(seed, "tpe", trial);
    int start = experience.start();
    if (experience.rungs() <= start || experience.entries(start).size() < STARTUP) {
      return RandomPoints.of(space, random);
    }
    List<Integer> good = merit.best(good(experience.entries(start).size()));
    List<Integer> bad = bad(start, new HashSet<>(good), random);
    bad.addAll(experience.pending(start));
    List<Mixture> likely = mixtures(good);
    List<Mixture> unlikely = mixtures(bad);
    return Candidates.of(
        space,
        random,
        stream -> sample(likely, stream),
        point -> logDensity(likely, point) - logDensity(unlikely, point));
  }

  /** How many of so many trials are good. */
  static int good(int trials) {
    return Math.clamp((trials + 9) / 10, LEAST_GOOD, MOST_GOOD);
  }

  /** The width of a kernel among so many. */
  static double deviation(int trials) {
    return Math.max(0.03, 0.2 * Math.pow(trials, -0.2));
  }

  /** What is not good; of many a part, drawn without replacement. */
  private List<Integer> bad(int start, Set<Integer> good, KeyedRandom random) {
    List<Integer> rest =
        new ArrayList<>(
            experience.entries(start).inOrder().filter(t -> !good.contains(t)).boxed().toList());
    if (rest.size() <= MOST_BAD) {
      return rest;
    }
    Set<Integer> drawn = new TreeSet<>();
    while (drawn.size() < MOST_BAD) {
      drawn.add(rest.get(random.nextInt(rest.size())));
    }
    return new ArrayList<>(drawn);
  }

  private List<Mixture> mixtures(List<Integer> trials) {
    List<double[]> points = trials.stream().map(experience::point).toList();
    List<Mixture> mixtures = new ArrayList<>(dimensions.size());
    for (int i = 0; i < dimensions.size(); i++) {
      mixtures.add(mixture(dimensions.get(i), column(points, i)));
    }
    return mixtures;
  }

  /** The coordinates of those trials in which it is active. */
  private static double[] column(List<double[]> points, int i) {
    return points.stream().mapToDouble(point -> point[i]).filter(x -> !Double.isNaN(x)).toArray();
  }

  /** One component a coordinate, and an even one. */
  static Mixture mixture(Dimension dimension, double[] coordinates) {
    int m = coordinates.length;
    List<Dimension> one = List.of(dimension);
    List<Kernel> even = Kernels.uniform(one);
    Kernels kernels = new Kernels(one, deviation(Math.max(m, 1)), 1.0 / (m + 1), even);
    List<Kernel[]> components = new ArrayList<>(m + 1);
    double[] weights = new double[m + 1];
    Arrays.fill(weights, 1);
    for (double x : coordinates) {
      components.add(kernels.around(new double[] {x}));
    }
    components.add(even.toArray(Kernel[]::new));
    return new Mixture(components, weights);
  }

  private static double[] sample(List<Mixture> mixtures, KeyedRandom random) {
    double[] point = new double[mixtures.size()];
    for (int i = 0; i < point.length; i++) {
      point[i] = mixtures.get(i).sample(random)[0];
    }
    return point;
  }

  private static double logDensity(List<Mixture> mixtures, double[] point) {
    double sum = 0;
    for (int i = 0; i < point.length; i++) {
      if (!Double.isNaN(point[i])) {
        sum += mixtures.get(i).logDensity(new double[] {point[i]});
      }
    }
    return sum;
  }
}
