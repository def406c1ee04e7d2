package dev.rung.trainer;

import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A fake server, and nodes that dial it. */
final class NodeFixture implements AutoCloseable {
  static final NodeSettings.Timing QUICK =
      new NodeSettings.Timing(
          Duration.ofMillis(2),
          Duration.ofMillis(10),
          Duration.ofSeconds(20),
          Duration.ofMillis(200),
          Duration.ofMillis(1),
          Duration.ofMillis(1));

  final FakeServer server = new FakeServer();

  /** What trainers did, in order. */
  final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();

  private final BlockingQueue<TrainerNode> nodes = new LinkedBlockingQueue<>();

  /** A node with one kind "test", not started. */
  TrainerNode.Builder builder(Trainer trainer) {
    return TrainerNode.builder()
        .name("node-1")
        .server("localhost:7350")
        .kind("test", trainer)
        .channels(server::channel)
        .drainDeadline(Duration.ofMillis(200))
        .timing(QUICK);
  }

  TrainerNode start(TrainerNode.Builder builder) {
    TrainerNode node = builder.build();
    nodes.add(node);
    node.start();
    return node;
  }

  TrainerNode start(Trainer trainer) {
    return start(builder(trainer));
  }

  /** The next thing that a trainer did. */
  Object next() throws InterruptedException {
    Object next = seen.poll(20, TimeUnit.SECONDS);
    if (next == null) {
      throw new AssertionError("the trainer did nothing more");
    }
    return next;
  }

  /** Ends nodes with their server gone, so that none waits for acknowledgements. */
  @Override
  public void close() {
    server.close();
    nodes.forEach(TrainerNode::close);
  }
}
