package dev.rung.benchmarks;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What decisions, durable points and empty trials cost, beside the peers that run on this machine
 * in the same run. Points and trials are counted end to end and take turns: each peer, then Rung.
 */
final class BesidePeers {
  private static final int DECISIONS = 1;
  private static final int POINTS = 2;
  private static final int TRIALS = 3;
  private static final List<String> PEERS =
      List.of("optuna/journal", "optuna/rdb", "optuna/grpc", "ray");

  private final PythonPeers peers;
  private final Options options;

  private BesidePeers(PythonPeers peers, Options options) {
    this.peers = peers;
    this.options = options;
  }

  /**
   * Options: only=1 (decisions), 2 (points) or 3 (trials), rounds, workers of a peer, and those of
   * the measurements {@code points} and {@code trials}.
   */
  static void run(Options options) throws Exception {
    BesidePeers benchmark = new BesidePeers(PythonPeers.ready(), options);
    int only = options.number("only", 0);
    System.out.println(Machine.describe());
    if (only == 0 || only == DECISIONS) {
      DecisionsBesidePeers.run(benchmark.peers, options);
    }
    if (only == 0 || only == POINTS) {
      benchmark.compare("points", new DurablePoints(options)::product);
    }
    if (only == 0 || only == TRIALS) {
      benchmark.compare("trials", new EmptyTrials(options)::round);
    }
    System.out.println(Machine.describe());
  }

  private void compare(String what, Measurement rung) throws Exception {
    Map<String, List<Double>> theirs = new LinkedHashMap<>();
    List<Double> ours = new ArrayList<>();
    for (int i = 0; i < options.number("rounds", 3); i++) {
      for (String peer : PEERS) {
        theirs.computeIfAbsent(peer, name -> new ArrayList<>()).add(rate(what, peer));
      }
      ours.add(rung.rate());
    }
    Spread own = Spread.of(ours);
    System.out.printf("durable %s a second: Rung %s%n", what, own.text("%,.0f"));
    theirs.forEach((peer, rates) -> {
      Spread other = Spread.of(rates);
      System.out.printf(
          "  %-15s %s, Rung / peer %,.0f%n",
          peer, other.text("%,.1f"), own.median() / other.median());
    });
  }

  private double rate(String what, String peer) throws IOException, InterruptedException {
    String workers = "--workers=" + options.number("workers", 2);
    String warmUp = "--warmup=" + options.number("warmup", 10);
    String seconds = "--seconds=" + options.number("seconds", 10);
    return peers.figures("costs.py", what, peer, workers, warmUp, seconds).getFirst();
  }

  /** Measures Rung once. */
  private interface Measurement {
    double rate() throws Exception;
  }
}
