package dev.rung.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Empty trials a second, durable, from free slot to the trial's end: trials of one report at one
 * rung. Each round starts a server on a new folder and kills it as by {@code kill -9}; the trials
 * that ended within the window are then counted in its database.
 */
final class EmptyTrials {
  private static final String STUDY =
      """
      name: empty
      metric: {name: score, goal: maximize}
      resource: {min: 1, max: 1}
      budget: {trials: 1000000}
      algorithm: {halving: asha, search: %s, seed: 1}
      space:
        x: {min: 0.0, max: 1.0}
      trainer: {kind: benchmark}
      """;

  private final int count;
  private final int slots;
  private final int warmUpSeconds;
  private final int seconds;
  private final String search;

  EmptyTrials(Options options) {
    count = options.number("nodes", 2);
    slots = options.number("slots", 64);
    warmUpSeconds = options.number("warmup", 10);
    seconds = options.number("seconds", 10);
    search = options.search();
  }

  /** Options: rounds, nodes, slots (of a node), warmup and seconds (of a round), search. */
  static void run(Options options) throws Exception {
    EmptyTrials benchmark = new EmptyTrials(options);
    int rounds = options.number("rounds", 5);
    System.out.println(Machine.describe());
    System.out.printf(
        "empty trials a second, %d nodes of %d slots, %d s after a warm-up of %d s%n",
        benchmark.count, benchmark.slots, benchmark.seconds, benchmark.warmUpSeconds);
    List<Double> rates = new ArrayList<>();
    for (int i = 0; i < rounds; i++) {
      rates.add(benchmark.round());
    }
    System.out.println(Machine.describe());
    System.out.printf("empty trials a second    %s%n", Spread.of(rates).text("%,.0f"));
  }

  /** The rate of one round. */
  double round() throws Exception {
    try (WorkFolder folder = WorkFolder.create()) {
      Path data = folder.path().resolve("data");
      try (ServerProcess server = ServerProcess.product(data);
          StudyClient client = new StudyClient(server.port())) {
        String study = client.create(STUDY.formatted(search));
        List<EmptyTrialNode> nodes = new ArrayList<>();
        for (int i = 1; i <= count; i++) {
          nodes.add(new EmptyTrialNode(server.port(), "node-" + i, slots));
        }
        nodes.forEach(WireNode::connect);
        TimeUnit.SECONDS.sleep(warmUpSeconds);
        long from = System.currentTimeMillis();
        TimeUnit.SECONDS.sleep(seconds);
        long to = System.currentTimeMillis();
        nodes.forEach(WireNode::check);
        server.kill();
        nodes.forEach(WireNode::close);
        StoredPoints stored = StoredPoints.count(data, new ProductEvents(study), from, to);
        nodes.forEach(node -> stored.check(node.acknowledged()));
        System.out.printf(
            "%,9.0f trials/s, %,7.0f journal rows/s; %,d trials in all, every acknowledged"
                + " report is there; load %s%n",
            stored.completedPerSecond(),
            stored.eventsPerSecond(),
            stored.completedTrials(),
            Machine.load());
        return stored.completedPerSecond();
      }
    }
  }
}
