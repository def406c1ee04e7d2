package dev.rung.benchmarks.races;

import dev.rung.benchmarks.Machine;
import dev.rung.benchmarks.Options;
import dev.rung.benchmarks.SignTest;
import dev.rung.benchmarks.Spread;
import dev.rung.simulate.FleetModel;
import dev.rung.simulate.Simulation;
import dev.rung.simulate.Synthetic;
import dev.rung.simulate.Synthetic.Function;
import dev.rung.simulate.Watcher;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyView;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.LongStream;

/**
 * The same race on functions, whose spaces are continuous: what is proposed is trained, where a
 * table gives the nearest of its rows. What counts is the lowest loss of a whole training: before
 * its end a loss has noise.
 */
public final class FunctionRace {
  private static final int FULL = 27;

  private static final List<Function> FUNCTIONS =
      List.of(Function.BRANIN, Function.HARTMANN, Function.COUNTING_ONES);

  private FunctionRace() {}

  /** Prints a table for each function and time: {@code seeds=20}. */
  public static void run(Options options) {
    int seeds = options.number("seeds", 20);
    System.out.println(Machine.describe());
    for (Function function : FUNCTIONS) {
      for (int lengths : new int[] {2, Contender.LENGTH}) {
        System.out.printf("%s, lowest loss of whole trainings at %dR%n", function, lengths);
        System.out.println("| algorithm | median | least .. most | better than random | p |");
        System.out.println("|---|---|---|---|---|");
        Map<String, List<Double>> bests = new LinkedHashMap<>();
        Contender.ALGORITHMS.forEach(
            (name, algorithm) -> bests.put(name, bests(function, algorithm, lengths, seeds)));
        List<Double> random = bests.values().iterator().next();
        bests.forEach((name, found) -> line(name, found, random));
      }
    }
  }

  private static void line(String name, List<Double> found, List<Double> random) {
    Spread spread = Spread.of(found);
    SignTest test = SignTest.of(found, random);
    System.out.printf(
        "| %s | %.3f | %.3f .. %.3f | %d, worse on %d | %.1g |%n",
        name,
        spread.median(),
        spread.sorted()[0],
        spread.sorted()[found.size() - 1],
        test.better(),
        test.worse(),
        test.p());
  }

  private static List<Double> bests(Function function, String algorithm, int lengths, int seeds) {
    return LongStream.rangeClosed(1, seeds)
        .parallel()
        .mapToObj(seed -> best(function, algorithm, lengths, seed))
        .toList();
  }

  private static double best(Function function, String algorithm, int lengths, long seed) {
    Synthetic task = new Synthetic(function, List.of(RaceTable.LOSS), List.of(), FULL);
    StudyPlan plan = Contender.plan(algorithm, 1, FULL, task.space()).seeded(seed);
    WholeTrainings whole = new WholeTrainings();
    new Simulation(plan, task, FleetModel.of(Contender.WORKERS), seed, 1_000)
        .watchedBy(whole)
        .run((double) lengths * FULL);
    return whole.losses.stream().mapToDouble(loss -> loss).min().orElse(Double.POSITIVE_INFINITY);
  }

  private static final class WholeTrainings implements Watcher {
    final List<Double> losses = new ArrayList<>();

    @Override
    public void happened(double time, StudyEvent event, StudyView study) {
      if (event instanceof StudyEvent.RungEntered entered && entered.step() == FULL) {
        losses.add(entered.value());
      }
    }
  }
}
