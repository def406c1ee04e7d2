package dev.rung.benchmarks;

import dev.rung.searcher.Observation.Begun;
import dev.rung.searcher.Observation.Closed;
import dev.rung.searcher.Observation.Entered;
import dev.rung.searcher.Observation.LadderKnown;
import dev.rung.searcher.Searcher;
import dev.rung.searcher.Searchers;
import dev.rung.space.Assignment;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * How good searchers are on functions whose minimum is known: the lowest value of so many trials,
 * one after another, over seeds that all share. Each searcher is paired with random by a sign test
 * of both sides.
 */
final class SearchRace {
  private static final List<String> SEARCHERS = List.of("random", "sobol", "tpe", "auto");

  private final int trials;
  private final int seeds;
  private final PrintStream out = System.out;

  private SearchRace(int trials, int seeds) {
    this.trials = trials;
    this.seeds = seeds;
  }

  static void run(Options options) {
    new SearchRace(options.number("trials", 100), options.number("seeds", 20)).run();
  }

  private void run() {
    out.println(Machine.describe());
    out.printf("best of %d trials, seeds 1 to %d%n", trials, seeds);
    for (Problem problem : Problem.all()) {
      out.printf("%s, optimum %.5f%n", problem.name(), problem.optimum());
      List<Double> random = bests(problem, "random");
      for (String search : SEARCHERS) {
        List<Double> bests = bests(problem, search);
        SignTest test = SignTest.of(bests, random);
        out.printf(
            "  %-6s %s  better than random on %d, worse on %d, p = %.2g%n",
            search, Spread.of(bests).text("%.4f"), test.better(), test.worse(), test.p());
      }
    }
  }

  private List<Double> bests(Problem problem, String search) {
    List<Double> bests = new ArrayList<>(seeds);
    for (int seed = 1; seed <= seeds; seed++) {
      bests.add(best(problem, search, seed));
    }
    return bests;
  }

  private double best(Problem problem, String search, long seed) {
    Searcher searcher =
        Searchers.of(search, problem.space(), new Searchers.Settings(seed, 3, OptionalInt.empty()));
    searcher.observe(new LadderKnown(0, List.of(1L), 1));
    double best = Double.POSITIVE_INFINITY;
    for (int trial = 1; trial <= trials; trial++) {
      Assignment assignment = searcher.suggest(trial).orElseThrow();
      double loss = problem.loss().applyAsDouble(assignment);
      searcher.observe(new Begun(trial, assignment));
      searcher.observe(new Entered(trial, 1, List.of(loss), 0));
      searcher.observe(new Closed(trial));
      best = Math.min(best, loss);
    }
    return best;
  }
}
