package dev.rung.benchmarks.simulated;

import dev.rung.benchmarks.Options;
import dev.rung.benchmarks.races.SimulatorBesidePeer;
import dev.rung.simulate.FleetModel;
import dev.rung.simulate.FleetModel.Points;
import dev.rung.simulate.FleetModel.Resume;
import dev.rung.simulate.SimulatedRun;
import dev.rung.simulate.Spread;
import dev.rung.simulate.Synthetic;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * How fast the simulator is, on one thread: a study of many trials on many trainers, with points at
 * milestones alone and with a point a unit of resource. Everything between two points counts:
 * slots, suggestions, verdicts, ends.
 */
public final class SimulatorSpeed {
  private SimulatorSpeed() {}

  /**
   * Prints a line for each: {@code trials=100000 trainers=1000 rounds=5}. With {@code table=FILE}
   * instead how fast it is beside Syne Tune's on this table.
   */
  public static void run(Options options) throws Exception {
    Optional<Path> table = options.text("table").map(Path::of);
    if (table.isPresent()) {
      SimulatorBesidePeer.run(table.get(), options);
      return;
    }
    int trials = options.number("trials", 100_000);
    int trainers = options.number("trainers", 1_000);
    for (Points points : Points.values()) {
      List<Double> seconds = new ArrayList<>();
      SimulatedRun run = once(trials, trainers, points);
      for (int round = 0; round < options.number("rounds", 5); round++) {
        long begin = System.nanoTime();
        run = once(trials, trainers, points);
        seconds.add((System.nanoTime() - begin) / 1e9);
      }
      Spread spread = Spread.of(seconds.stream().mapToDouble(s -> s));
      System.out.printf(
          "%,d trials on %,d trainers, points: %s: %.2f s (%.2f .. %.2f), %,d verdicts, %,d points,"
              + " %,.0f points a second%n",
          trials,
          trainers,
          points.name().toLowerCase(Locale.ROOT),
          spread.median(),
          spread.least(),
          spread.most(),
          run.decisions(),
          run.points(),
          run.points() / spread.median());
    }
  }

  private static SimulatedRun once(int trials, int trainers, Points points) {
    FleetModel fleet = new FleetModel(trainers, 0.1, 0, 0, 0, 0, 0, 0, 0, Resume.FULL, points);
    String study =
        """
        resource: {min: 1, max: 27}
        budget: {trials: %d}
        algorithm: {halving: asha, search: random}
        """
            .formatted(trials);
    return Studies.run(Synthetic.Function.CONSTANT, study, fleet, 1, Double.POSITIVE_INFINITY);
  }
}
