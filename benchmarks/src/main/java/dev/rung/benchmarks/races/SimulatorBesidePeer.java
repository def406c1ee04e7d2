package dev.rung.benchmarks.races;

import dev.rung.benchmarks.Machine;
import dev.rung.benchmarks.Options;
import dev.rung.benchmarks.PythonPeers;
import dev.rung.benchmarks.Spread;
import dev.rung.study.StudyPlan;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How fast Rung's simulator is beside Syne Tune's own, in points a second of the same race: ASHA by
 * stopping from {@value #MIN}, random search. Rung's time is that on the clock, the peer's that on
 * the CPU; reading the table is left out on both sides.
 */
public final class SimulatorBesidePeer {
  private static final int MIN = 3;
  private static final String ALGORITHM = "{halving: asha, mode: stopping, search: random}";

  private final RaceTable table;
  private final StudyPlan plan;
  private long seed;
  private long points;

  private SimulatorBesidePeer(RaceTable table) {
    this.table = table;
    this.plan = Contender.plan(ALGORITHM, MIN, table.full(), table.task().space());
  }

  /** Prints the figures of both, in turns: {@code rounds=5 warmup=10 seconds=5}. */
  public static void run(Path file, Options options) throws Exception {
    PythonPeers peers = PythonPeers.ready();
    SimulatorBesidePeer benchmark = new SimulatorBesidePeer(RaceTable.of(file));
    double unused = benchmark.rate(options.number("warmup", 10));
    List<Double> ours = new ArrayList<>();
    List<Double> theirs = new ArrayList<>();
    double theirPoints = 0;
    int rounds = options.number("rounds", 5);
    long before = benchmark.seed;
    benchmark.points = 0;
    for (int round = 1; round <= rounds; round++) {
      ours.add(benchmark.rate(options.number("seconds", 5)));
      List<Double> figures =
          peers.figures(
              "syne_tune_simulator.py", file.toString(), "--min=" + MIN, "--seed=" + round);
      theirs.add(figures.get(0));
      theirPoints += figures.get(1);
    }
    Spread own = Spread.of(ours);
    Spread other = Spread.of(theirs);
    System.out.println(Machine.describe());
    System.out.printf(
        "simulated points a second on %s: Rung %s, %,.0f points a race%n",
        benchmark.table.name(),
        own.text("%,.0f"),
        (double) benchmark.points / (benchmark.seed - before));
    System.out.printf(
        "  syne-tune       %s, %,.0f points a race, Rung / peer %,.1f%n",
        other.text("%,.0f"), theirPoints / rounds, own.median() / other.median());
  }

  /** Points a second of races one after another, each with a seed of its own. */
  private double rate(int seconds) {
    long begin = System.nanoTime();
    long before = points;
    double elapsed = 0;
    while (elapsed < seconds) {
      points += Contender.simulate(plan, table, ++seed).points();
      elapsed = (System.nanoTime() - begin) / 1e9;
    }
    return (points - before) / elapsed;
  }
}
