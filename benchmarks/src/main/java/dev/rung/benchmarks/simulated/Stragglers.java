package dev.rung.benchmarks.simulated;

import dev.rung.benchmarks.Options;
import dev.rung.simulate.FleetModel;
import dev.rung.simulate.FleetModel.Points;
import dev.rung.simulate.FleetModel.Resume;
import dev.rung.simulate.SimulatedRun;
import dev.rung.simulate.Synthetic;
import java.util.List;
import java.util.stream.LongStream;

/**
 * The simulation of stragglers and dropped jobs of Li et al., A System for Massively Parallel
 * Hyperparameter Tuning (MLSys 2020), appendix A.1: how many settings are trained to the end in
 * 2,000 units of time, and when the first is. ASHA by promotion, eta 4, levels 1 to 256.
 */
public final class Stragglers {
  private static final double[] DEVIATIONS = {0, 0.24, 0.56, 1.33};
  private static final double[] DROPS = {0, 0.002, 0.01};
  private static final double HORIZON = 2_000;
  private static final String STUDY =
      """
      resource: {min: 1, max: 256}
      algorithm: {halving: asha, search: random, eta: 4}
      """;

  private Stragglers() {}

  /** Prints the grid: {@code seeds=10 workers=25}. */
  public static void run(Options options) {
    int seeds = options.number("seeds", 10);
    int workers = options.number("workers", 25);
    System.out.printf(
        "%d workers, seeds 1 to %d: settings trained to the end (least .. most), time of the first%n",
        workers, seeds);
    System.out.println("| std | drop | retry | | full | |");
    System.out.println("|---|---|---|---|---|---|");
    for (double deviation : DEVIATIONS) {
      for (double drop : DROPS) {
        System.out.printf(
            "| %s | %s | %s | %s |%n",
            deviation,
            drop,
            cell(workers, deviation, drop, Resume.RETRY, seeds),
            cell(workers, deviation, drop, Resume.FULL, seeds));
      }
    }
  }

  private static String cell(int workers, double deviation, double drop, Resume resume, int seeds) {
    FleetModel fleet =
        new FleetModel(workers, deviation, drop, 0, 0, 0, 0, 0, 0, resume, Points.EVERY);
    List<SimulatedRun> runs =
        LongStream.rangeClosed(1, seeds)
            .parallel()
            .mapToObj(seed -> Studies.run(Synthetic.Function.CONSTANT, STUDY, fleet, seed, HORIZON))
            .toList();
    return "%.1f (%d .. %d) | %.0f"
        .formatted(
            runs.stream().mapToInt(SimulatedRun::completed).average().orElseThrow(),
            runs.stream().mapToInt(SimulatedRun::completed).min().orElseThrow(),
            runs.stream().mapToInt(SimulatedRun::completed).max().orElseThrow(),
            runs.stream()
                .mapToDouble(run -> run.firstCompleted().orElse(HORIZON))
                .average()
                .orElseThrow());
  }
}
