package dev.rung.benchmarks;

import dev.rung.storage.DataFolder;
import dev.rung.storage.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * Time from a report at a milestone to its directive, in stopping mode, open loop: when each report
 * is due is fixed before, and latency counts from there. The window has to contain a snapshot,
 * since a study answers nobody while one is stored.
 */
final class DirectiveLatency {
  private static final String STUDY =
      """
      name: directives
      metric: {name: score, goal: maximize}
      resource: {min: %d, max: %d}
      budget: {trials: 1000000}
      algorithm: {halving: asha, search: %s, mode: stopping, eta: 2, seed: 1}
      space:
        x: {min: 0.0, max: 1.0}
      trainer: {kind: benchmark}
      """;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final int nodes;
  private final int slots;
  private final int rate;
  private final int warmUpSeconds;
  private final int seconds;
  private final String search;

  private DirectiveLatency(Options options) {
    nodes = options.number("nodes", 20);
    slots = options.number("slots", 50);
    rate = options.number("rate", 1_000);
    warmUpSeconds = options.number("warmup", 30);
    seconds = options.number("seconds", 120);
    search = options.search();
  }

  /** Options: nodes, slots (of a node), rate (reports a second in all), warmup, seconds, search. */
  static void run(Options options) throws Exception {
    System.out.println(Machine.describe());
    new DirectiveLatency(options).measure();
    System.out.println(Machine.describe());
  }

  /** The study file. */
  private String study() {
    return STUDY.formatted(PointNode.LOWEST_LEVEL, PointNode.TOP_LEVEL, search);
  }

  private void measure() throws Exception {
    System.out.printf(
        "report to directive: %d trainers on %d nodes, %d milestone points a second, open loop,"
            + " %d s after %d s of warm-up%n",
        nodes * slots, nodes, rate, seconds, warmUpSeconds);
    try (WorkFolder folder = WorkFolder.create()) {
      Path data = folder.path().resolve("data");
      try (ServerProcess server = ServerProcess.product(data);
          StudyClient client = new StudyClient(server.port())) {
        client.create(study());
        measure(server, data);
      }
    }
  }

  private void measure(ServerProcess server, Path data) throws Exception {
    long begin = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    long from = begin + TimeUnit.SECONDS.toNanos(warmUpSeconds);
    long to = from + TimeUnit.SECONDS.toNanos(seconds);
    long wallFrom = System.currentTimeMillis() + (from - System.nanoTime()) / 1_000_000;
    Latencies latencies = new Latencies(from, to);
    List<OpenLoopNode> fleet = new ArrayList<>();
    for (int i = 1; i <= nodes; i++) {
      OpenLoopNode node = new OpenLoopNode(server.port(), "node-" + i, slots, latencies);
      fleet.add(node);
      node.connect();
    }
    int sent = send(fleet, begin, to);
    int due = (int) ((long) rate * seconds);
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (latencies.count() < due && System.nanoTime() < end) {
      TimeUnit.MILLISECONDS.sleep(100);
    }
    fleet.forEach(WireNode::check);
    server.kill();
    fleet.forEach(WireNode::close);
    report(latencies, due, sent);
    System.out.println(snapshots(data, wallFrom, wallFrom + seconds * 1_000L));
  }

  /** Tells trainers of reports when they are due, the first at the begin. */
  private int send(List<OpenLoopNode> fleet, long begin, long to) {
    long gap = TimeUnit.SECONDS.toNanos(1) / rate;
    int trainers = nodes * slots;
    int sent = 0;
    for (long due = begin; due - to < 0; due += gap) {
      while (due - System.nanoTime() > 0) {
        LockSupport.parkNanos(due - System.nanoTime());
      }
      int trainer = sent % trainers;
      fleet.get(trainer % nodes).report(trainer / nodes, due);
      sent++;
    }
    return sent;
  }

  private static void report(Latencies latencies, int due, int sent) {
    if (latencies.count() == 0) {
      System.out.println("no report was answered");
      return;
    }
    double[] p = latencies.percentiles(0.5, 0.9, 0.99, 0.999, 1);
    System.out.printf(
        "%,d of %,d reports of the window answered (%,d sent in all); milliseconds: p50 %.1f,"
            + " p90 %.1f, p99 %.1f, p99.9 %.1f, max %.1f%n",
        latencies.count(), due, sent, p[0], p[1], p[2], p[3], p[4]);
  }

  private static String snapshots(Path data, long from, long to) throws SQLException {
    try (DataFolder folder = DataFolder.open(data);
        Database database = Database.open(folder);
        Connection connection = database.dataSource().getConnection();
        PreparedStatement query =
            connection.prepareStatement(
                "select created, length(snapshot_payload) from snapshot"
                    + " where persistence_id like 'study|%' and created >= ? and created < ?"
                    + " order by created desc")) {
      query.setLong(1, from);
      query.setLong(2, to);
      try (ResultSet rows = query.executeQuery()) {
        return rows.next()
            ? "snapshots were stored in the window, the last one of %,d bytes %.1f s after its begin"
                .formatted(rows.getLong(2), (rows.getLong(1) - from) / 1e3)
            : "NO SNAPSHOT was stored in the window: the figures do not count";
      }
    }
  }
}
