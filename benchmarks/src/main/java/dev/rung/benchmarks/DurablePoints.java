package dev.rung.benchmarks;

import dev.rung.benchmarks.bare.BareServer;
import dev.rung.proto.v1.AttemptRef;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Durable points a second over the wire, the product beside the bare gateway, in rounds that take
 * turns. Each round starts a server on a new folder, lets it warm up, and kills it as by {@code
 * kill -9}; the points of the window are then counted in its database.
 */
final class DurablePoints {
  private static final String STUDY =
      """
      name: points
      metric: {name: score, goal: maximize}
      resource: {min: %d, max: %d}
      budget: {trials: 1000000}
      algorithm: {halving: asha, search: %s, eta: 2, seed: 1}
      space:
        x: {min: 0.0, max: 1.0}
      trainer: {kind: benchmark}
      """;

  private final int streams;
  private final int slots;
  private final int warmUpSeconds;
  private final int seconds;
  private final String search;

  DurablePoints(Options options) {
    streams = options.number("streams", 50);
    slots = options.number("slots", 2);
    warmUpSeconds = options.number("warmup", 30);
    seconds = options.number("seconds", 10);
    search = options.search();
  }

  /**
   * Options: rounds, streams, warmup and seconds (of a round), only=1 (bare) or 2 (product),
   * search.
   */
  static void run(Options options) throws Exception {
    DurablePoints benchmark = new DurablePoints(options);
    int rounds = options.number("rounds", 5);
    int only = options.number("only", 0);
    System.out.println(Machine.describe());
    System.out.printf(
        "durable points a second over %d streams of %d points a message, %d s after a warm-up of"
            + " %d s%n",
        benchmark.streams, PointNode.POINTS, benchmark.seconds, benchmark.warmUpSeconds);
    List<Double> bare = new ArrayList<>();
    List<Double> product = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int i = 1; i <= rounds; i++) {
      if (only != 2) {
        bare.add(benchmark.bare());
      }
      if (only != 1) {
        product.add(benchmark.product());
      }
      if (only == 0) {
        ratios.add(product.get(i - 1) / bare.get(i - 1));
      }
    }
    System.out.println(Machine.describe());
    print("bare gateway", bare, "%,.0f");
    print("product", product, "%,.0f");
    print("product / bare gateway", ratios, "%.2f");
  }

  /** The study file. */
  private String study() {
    return STUDY.formatted(PointNode.LOWEST_LEVEL, PointNode.TOP_LEVEL, search);
  }

  static void print(String name, List<Double> figures, String format) {
    if (!figures.isEmpty()) {
      System.out.printf("%-24s %s%n", name, Spread.of(figures).text(format));
    }
  }

  private double bare() throws Exception {
    try (WorkFolder folder = WorkFolder.create()) {
      Path data = folder.path().resolve("data");
      try (ServerProcess server =
          ServerProcess.start(BareServer.class.getName(), data.toString())) {
        List<PointNode> nodes = new ArrayList<>();
        for (int i = 1; i <= streams; i++) {
          PointNode node = new PointNode(Link.plain(server.port()), "node-" + i, 1);
          node.giveItself(AttemptRef.newBuilder().setTrial("bare/" + i).setAttempt(1).build());
          nodes.add(node);
        }
        return measure("bare gateway", server, nodes, data, new BareEvents());
      }
    }
  }

  /** The product's rate in one round. */
  double product() throws Exception {
    return product("product", false);
  }

  /** The same where all that is said is encrypted, and everybody shows a token. */
  double secured() throws Exception {
    return product("TLS and token", true);
  }

  private double product(String name, boolean secured) throws Exception {
    try (WorkFolder folder = WorkFolder.create()) {
      Path data = folder.path().resolve("data");
      Optional<Link.Keys> keys =
          secured
              ? Optional.of(Link.Keys.make(folder.path().resolve("certs"), data))
              : Optional.empty();
      List<String> arguments = keys.map(Link.Keys::arguments).orElse(List.of());
      try (ServerProcess server = ServerProcess.product(data, List.of(), arguments)) {
        Link link = new Link(server.port(), keys);
        try (StudyClient client = new StudyClient(link)) {
          List<PointNode> nodes = new ArrayList<>();
          for (int i = 1; i <= streams; i++) {
            nodes.add(new PointNode(link, "node-" + i, slots));
          }
          String study = client.create(study());
          return measure(name, server, nodes, data, new ProductEvents(study));
        }
      }
    }
  }

  private double measure(
      String name,
      ServerProcess server,
      List<PointNode> nodes,
      Path data,
      StoredPoints.Reader reader)
      throws Exception {
    nodes.forEach(PointNode::connect);
    TimeUnit.SECONDS.sleep(warmUpSeconds);
    long from = System.currentTimeMillis();
    Duration before = server.cpuTime();
    TimeUnit.SECONDS.sleep(seconds);
    long to = System.currentTimeMillis();
    Duration cpu = server.cpuTime().minus(before);
    nodes.forEach(PointNode::check);
    server.kill();
    nodes.forEach(PointNode::close);
    StoredPoints stored = StoredPoints.count(data, reader, from, to);
    nodes.forEach(node -> stored.check(node.acknowledged()));
    System.out.printf(
        "%-14s %,9.0f points/s, %,9.0f a second of the server's CPU time, %,7.0f journal rows/s;"
            + " %,d points in all, every acknowledged one is there; load %s%n",
        name,
        stored.pointsPerSecond(),
        stored.pointsPerSecond() * (to - from) / Math.max(1, cpu.toMillis()),
        stored.eventsPerSecond(),
        stored.points(),
        Machine.load());
    return stored.pointsPerSecond();
  }
}
