package dev.rung.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;

/**
 * The cost of one decision with n trials recorded, beside that of the peers' asynchronous
 * successive halving. Rung's decision has its evidence and is applied; neither side writes
 * anything. A peer's time is that on the CPU, Rung's that on the clock.
 */
final class DecisionsBesidePeers {
  private static final List<Integer> SIZES = List.of(1_000, 4_000, 16_000);
  private static final List<String> PEERS = List.of("ray", "syne-tune", "optuna");

  private DecisionsBesidePeers() {}

  /** Options: n, to measure with so many trials recorded only. */
  static void run(PythonPeers peers, Options options)
      throws RunnerException, IOException, InterruptedException {
    int only = options.number("n", 0);
    List<String> lines = new ArrayList<>();
    for (int n : only > 0 ? List.of(only) : SIZES) {
      Spread rung = rung(n);
      lines.add("n = %,d: Rung %s us".formatted(n, rung.text("%.1f")));
      for (String peer : PEERS) {
        Spread other = peer(peers, peer, n);
        lines.add(
            "  %-10s %s us, Rung / peer %.4f"
                .formatted(peer, other.text("%.1f"), rung.median() / other.median()));
      }
    }
    System.out.println("microseconds of a decision with n trials recorded");
    lines.forEach(System.out::println);
  }

  private static Spread rung(int n) throws RunnerException {
    var options =
        new OptionsBuilder()
            .include(DecisionBenchmark.class.getSimpleName())
            .param("n", Integer.toString(n))
            .build();
    List<Double> figures = new ArrayList<>();
    for (RunResult result : new Runner(options).run()) {
      result.getAggregatedResult().getIterationResults().stream()
          .flatMap(iteration -> iteration.getRawPrimaryResults().stream())
          .forEach(figure -> figures.add(figure.getScore() / DecisionBenchmark.REPORTS));
    }
    return Spread.of(figures);
  }

  private static Spread peer(PythonPeers peers, String peer, int n)
      throws IOException, InterruptedException {
    return Spread.of(peers.figures("costs.py", "decisions", peer, Integer.toString(n)));
  }
}
