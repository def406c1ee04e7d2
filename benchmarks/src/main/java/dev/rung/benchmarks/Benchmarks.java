package dev.rung.benchmarks;

import dev.rung.benchmarks.races.FunctionRace;
import dev.rung.benchmarks.races.PashaRace;
import dev.rung.benchmarks.races.Races;
import dev.rung.benchmarks.simulated.Scaling;
import dev.rung.benchmarks.simulated.SimulatorSpeed;
import dev.rung.benchmarks.simulated.Stragglers;
import java.util.Arrays;
import java.util.List;

/**
 * Runs a measurement of the whole by its name, or JMH's of the parts by its pattern:
 *
 * <pre>
 *   points      durable points a second, beside the bare gateway
 *   tls         the same with TLS and tokens, beside without
 *   trials      empty trials a second
 *   directives  time from a report to its directive
 *   recovery    time and heap to have a large study back
 *   churn       slots used, orphans and heap while 500 nodes join and leave at random
 *   idle        heap and CPU time that 5,000 idle nodes take
 *   starts      how soon a node is there, in Java and in Python
 *   commands    one node that trains 200 trials at a time by a command
 *   peers       cost of decisions, points and trials beside Ray Tune, Optuna and Syne Tune
 *   decided     points a second that the kernel decides
 *   races       every algorithm and the peers' on tables of learning curves
 *   functions   the same on functions; pasha: PASHA beside ASHA
 *   stragglers  what slow and lost trainings cost; scaling: what more workers bring
 *   speed       the simulator itself; heap: bytes of a finished trial
 *   search      how good searchers are on known functions
 *   ...         anything else goes to JMH, for instance DecisionBenchmark -p n=1000,1000000
 * </pre>
 */
public final class Benchmarks {
  private Benchmarks() {}

  /** Options after the name are the measurement's own, each {@code name=number}. */
  public static void main(String[] args) throws Exception {
    String name = args.length == 0 ? "" : args[0];
    Options options = new Options(List.of(args).subList(Math.min(1, args.length), args.length));
    switch (name) {
      case "points" -> DurablePoints.run(options);
      case "tls" -> TlsCost.run(options);
      case "trials" -> EmptyTrials.run(options);
      case "directives" -> DirectiveLatency.run(options);
      case "recovery" -> Recovery.run(options);
      case "churn" -> Churn.run(options);
      case "idle" -> IdleNodes.run(options);
      case "starts" -> NodeStarts.run(options);
      case "commands" -> ManyCommands.run(options);
      case "peers" -> BesidePeers.run(options);
      case "search" -> SearchRace.run(options);
      case "heap" -> TrialHeap.run(options);
      case "stragglers" -> Stragglers.run(options);
      case "decided" -> PointsDecided.run(options);
      case "scaling" -> Scaling.run(options);
      case "speed" -> SimulatorSpeed.run(options);
      case "races" -> Races.run(options);
      case "functions" -> FunctionRace.run(options);
      case "pasha" -> PashaRace.run(options);
      default -> org.openjdk.jmh.Main.main(Arrays.copyOf(args, args.length));
    }
  }
}
