package dev.rung.benchmarks.simulated;

import dev.rung.benchmarks.Options;
import dev.rung.simulate.FleetModel;
import dev.rung.simulate.FleetModel.Points;
import dev.rung.simulate.FleetModel.Resume;
import dev.rung.simulate.SimulatedRun;
import dev.rung.simulate.Spread;
import dev.rung.simulate.Synthetic;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.LongStream;

/**
 * Counting-Ones with 32 choices and 32 probabilities, levels 1 to 27, on more and more workers: the
 * best loss after the time of 20 whole trainings, and how much of their time slots are taken.
 * Starting and stopping takes 2 % of the lowest level's time each.
 */
public final class Scaling {
  private static final double HORIZON = 20 * 27;
  private static final double DELAY = 0.02;

  private Scaling() {}

  /** Prints a line for each number of workers: {@code seeds=20 most=256 large=10000}. */
  public static void run(Options options) {
    int seeds = options.number("seeds", 20);
    int most = options.number("most", 256);
    for (String algorithm :
        List.of("{halving: asha, search: random}", "{halving: auto, search: auto}")) {
      System.out.println(algorithm);
      System.out.println("| workers | median best | least .. most | slots taken |");
      System.out.println("|---|---|---|---|");
      for (int workers = 1; workers <= most; workers *= 2) {
        line(algorithm, workers, seeds);
      }
    }
    for (int workers : new int[] {1_000, options.number("large", 10_000)}) {
      line("{halving: asha, search: random}", workers, 1);
    }
  }

  private static void line(String algorithm, int workers, int seeds) {
    FleetModel fleet =
        new FleetModel(workers, 0, 0, 0, 0, 0, DELAY, DELAY, 0, Resume.FULL, Points.MILESTONES);
    String study = "resource: {min: 1, max: 27}\nalgorithm: " + algorithm + "\n";
    List<SimulatedRun> runs =
        LongStream.rangeClosed(1, seeds)
            .parallel()
            .mapToObj(
                seed -> Studies.run(Synthetic.Function.COUNTING_ONES, study, fleet, seed, HORIZON))
            .toList();
    Spread bests =
        Spread.of(
            runs.stream()
                .map(run -> run.trajectory().at(HORIZON))
                .mapToDouble(OptionalDouble::orElseThrow));
    System.out.printf(
        "| %,d | %.3f | %.3f .. %.3f | %.2f %% |%n",
        workers,
        bests.median(),
        bests.least(),
        bests.most(),
        100 * runs.stream().mapToDouble(SimulatedRun::utilisation).min().orElseThrow());
  }
}
