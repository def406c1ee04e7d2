package dev.rung.benchmarks;

import dev.rung.proto.v1.Ack;
import dev.rung.proto.v1.Directive;
import dev.rung.proto.v1.Heartbeat;
import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.Run;
import dev.rung.proto.v1.Welcome;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * What nodes cost that are there and have nothing to do: each has a connection of its own and says
 * that it lives as often as the server asks. Each is a socket of this process and one of the
 * server, so that {@code ulimit -n} has to allow for as many in each.
 */
final class IdleNodes {
  /** Live objects of a server with all its nodes, in bytes. */
  private static final long MOST_HEAP = 1L << 30;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final NodeMessage HEARTBEAT =
      NodeMessage.newBuilder().setHeartbeat(Heartbeat.getDefaultInstance()).build();

  private final int count;
  private final int slots;
  private final int rate;
  private final int settleSeconds;
  private final int seconds;

  private IdleNodes(Options options) {
    count = options.number("nodes", 5_000);
    slots = options.number("slots", 1);
    rate = options.number("rate", 200);
    settleSeconds = options.number("warmup", 30);
    seconds = options.number("seconds", 60);
  }

  /** A node that says that it lives, and nothing else. */
  private static final class IdleNode extends WireNode {
    private final ScheduledExecutorService clock;

    IdleNode(int port, String name, int slots, ScheduledExecutorService clock) {
      super(port, name, slots);
      this.clock = clock;
    }

    @Override
    void welcomed(Welcome welcome) {
      // Before the time, which a busy machine might miss.
      long millis = welcome.getHeartbeat().getSeconds() * 800;
      var unused =
          clock.scheduleAtFixedRate(() -> send(HEARTBEAT), millis, millis, TimeUnit.MILLISECONDS);
    }

    @Override
    void run(Run run) {
      throw new IllegalStateException("expected no attempt, but came " + run.getAttempt());
    }

    @Override
    void acknowledged(Ack ack) {
      throw new IllegalStateException("expected no acknowledgement, but came " + ack);
    }

    @Override
    void directed(Directive directive) {
      throw new IllegalStateException("expected no directive, but came " + directive);
    }

    @Override
    void ready() {
      // One small message for each interval.
    }
  }

  /**
   * Options: nodes, slots (of a node), rate (nodes that join in a second), warmup and seconds (of
   * the measured time).
   *
   * @throws IllegalStateException the heap is larger than it may be
   */
  static void run(Options options) throws Exception {
    System.out.println(Machine.describe());
    new IdleNodes(options).measure();
  }

  private void measure() throws Exception {
    System.out.printf(
        "%,d idle nodes of %d slots, each on a connection of its own; %d s after %d s%n",
        count, slots, seconds, settleSeconds);
    ScheduledExecutorService clock =
        Executors.newScheduledThreadPool(1, Thread.ofPlatform().daemon().name("clock").factory());
    try (WorkFolder folder = WorkFolder.create();
        ServerProcess server = ServerProcess.product(folder.path().resolve("data"));
        StudyClient client = new StudyClient(server.port())) {
      Memory alone = Memory.of(server);
      List<IdleNode> nodes = new ArrayList<>();
      long begin = System.nanoTime();
      for (int i = 1; i <= count; i++) {
        IdleNode node = new IdleNode(server.port(), "node-" + i, slots, clock);
        node.connect();
        nodes.add(node);
        long due = begin + TimeUnit.SECONDS.toNanos(i) / rate;
        TimeUnit.NANOSECONDS.sleep(Math.max(0, due - System.nanoTime()));
      }
      awaitAll(client);
      System.out.printf(
          "%,d nodes are there %.1f s after the first one dialled%n",
          count, (System.nanoTime() - begin) / 1e9);
      TimeUnit.SECONDS.sleep(settleSeconds);
      double cpu = cpuShare(server);
      Memory all = Memory.of(server);
      nodes.forEach(WireNode::check);
      awaitAll(client);
      System.out.println(Machine.describe());
      alone.print("server alone");
      all.print("%,d idle nodes".formatted(count));
      System.out.printf(
          "a node            %,8.1f KB of live objects, %,8.1f KB resident%n",
          (all.heap() - alone.heap()) / 1e3 / count,
          (all.resident() - alone.resident()) / 1e3 / count);
      System.out.printf("CPU time          %8.1f %% of a core%n", cpu * 100);
      server.kill();
      nodes.forEach(WireNode::close);
      if (all.heap() >= MOST_HEAP) {
        throw new IllegalStateException(
            "expected less than %,d bytes of live objects, but there are %,d"
                .formatted(MOST_HEAP, all.heap()));
      }
    } finally {
      clock.shutdownNow();
    }
  }

  private void awaitAll(StudyClient client) throws InterruptedException {
    long end = System.nanoTime() + PATIENCE.toNanos();
    int there = client.nodes();
    while (there < count) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException(
            "expected %d nodes, but the server sees %d".formatted(count, there));
      }
      TimeUnit.MILLISECONDS.sleep(200);
      there = client.nodes();
    }
  }

  /** CPU time of the server while nothing happens, in cores. */
  private double cpuShare(ServerProcess server) throws InterruptedException {
    long from = System.nanoTime();
    Duration before = server.cpuTime();
    TimeUnit.SECONDS.sleep(seconds);
    return (double) server.cpuTime().minus(before).toNanos() / (System.nanoTime() - from);
  }

  private record Memory(long heap, long resident) {
    static Memory of(ServerProcess server) throws Exception {
      return new Memory(server.liveBytes(), server.residentBytes());
    }

    void print(String name) {
      System.out.printf(
          "%-17s %,8.1f MB of live objects, %,8.1f MB resident%n",
          name, heap / 1e6, resident / 1e6);
    }
  }
}
