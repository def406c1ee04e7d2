package dev.rung.benchmarks.races;

import dev.rung.benchmarks.Machine;
import dev.rung.benchmarks.Options;
import dev.rung.benchmarks.Spread;
import dev.rung.simulate.FleetModel;
import dev.rung.simulate.SimulatedRun;
import dev.rung.simulate.Simulation;
import dev.rung.study.StudyPlan;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import java.util.stream.LongStream;

/**
 * PASHA beside ASHA as its authors compare them (Bohdal et al., ICLR 2023, section 5): 256 random
 * settings on 4 workers, until nothing is left to do. PASHA trains less and finds a setting, so
 * beside the best loss seen there is that of the best setting once it is trained whole.
 */
public final class PashaRace {
  private static final int WORKERS = 4;
  private static final int SETTINGS = 256;

  private PashaRace() {}

  /** One study: units trained, regret of the best loss seen, and of its setting trained whole. */
  private record Result(double units, double seen, double whole) {}

  /** Prints a row for each table: {@code tables=FOLDER seeds=20}. */
  public static void run(Options options) throws Exception {
    int seeds = options.number("seeds", 20);
    System.out.println(Machine.describe());
    System.out.println(
        "| table | algorithm | units | least .. most | regret seen | trained whole |");
    System.out.println("|---|---|---|---|---|---|");
    for (RaceTable table : RaceTable.all(RaceTable.folder(options))) {
      for (String halving : List.of("asha", "pasha")) {
        List<Result> results =
            LongStream.rangeClosed(1, seeds)
                .parallel()
                .mapToObj(seed -> study(table, halving, seed))
                .toList();
        Spread units = Spread.of(results.stream().map(Result::units).toList());
        System.out.printf(
            "| %s | %s | %,.0f | %,.0f .. %,.0f | %.4f | %.4f |%n",
            table.name(),
            halving.toUpperCase(Locale.ROOT),
            units.median(),
            units.sorted()[0],
            units.sorted()[seeds - 1],
            results.stream().mapToDouble(Result::seen).average().orElseThrow(),
            results.stream().mapToDouble(Result::whole).average().orElseThrow());
      }
    }
  }

  private static Result study(RaceTable table, String halving, long seed) {
    StudyPlan plan =
        Contender.plan(
                "{halving: %s, search: random}".formatted(halving),
                1,
                table.full(),
                table.task().space(),
                "budget: {trials: %d}%n".formatted(SETTINGS))
            .seeded(seed);
    SimulatedRun run =
        new Simulation(plan, table.task(), FleetModel.of(WORKERS), seed, 1_000)
            .run(Double.POSITIVE_INFINITY);
    var best = Objects.requireNonNull(run.summary().best());
    var setting = Objects.requireNonNull(run.summary().bestAssignment());
    double whole =
        IntStream.rangeClosed(1, table.full())
            .mapToDouble(step -> loss(table.task().measure(setting, best.trial(), step)))
            .filter(Double::isFinite)
            .min()
            .orElseThrow();
    return new Result(run.resource(), table.regret(loss(best.metrics())), table.regret(whole));
  }

  private static double loss(Map<String, Double> metrics) {
    return Objects.requireNonNull(metrics.get(RaceTable.LOSS));
  }
}
