package dev.rung.api;

import dev.rung.checkpoint.Stores;
import dev.rung.fleet.NodeInfo;
import dev.rung.logs.LogReader;
import dev.rung.study.Trouble;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The services over fakes, in this process or on a free port of the loopback. */
public final class TestServer implements AutoCloseable {
  static final byte[] SECRET = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  public final FakeStudies studies = new FakeStudies();
  public final FakeReadSide reads = new FakeReadSide();
  public final FakeHistory history = new FakeHistory();
  public final FakeFleet fleet = new FakeFleet();
  public final FakeLoops loops = new FakeLoops();
  public final List<NodeInfo> nodes = fleet.nodes;
  public final List<Trouble> troubles = new CopyOnWriteArrayList<>();
  private final ExecutorService executor = Executors.newFixedThreadPool(4);
  private final Server server;
  private final String name;

  private TestServer(ServerBuilder<?> builder, String name, Checkpoints checkpoints, Path logs) {
    this.name = name;
    try {
      server =
          builder
              .addService(
                  new StudyServiceImpl(
                      studies,
                      reads,
                      history,
                      fleet,
                      checkpoints,
                      new LogReader(logs),
                      loops,
                      SECRET,
                      executor,
                      () -> Instant.ofEpochMilli(Samples.CREATED + 100_000),
                      Duration.ofMillis(200)))
              .addService(new FleetServiceImpl(fleet))
              .addService(
                  new ServerServiceImpl(
                      () -> CompletableFuture.completedFuture(troubles), "rung test"))
              .build()
              .start();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  /** A server in this process. */
  static TestServer inProcess(Checkpoints checkpoints) {
    String name = UUID.randomUUID().toString();
    return new TestServer(
        InProcessServerBuilder.forName(name), name, checkpoints, Path.of("no-logs"));
  }

  /** A server that listens. */
  public static TestServer onLoopback(Path checkpoints) {
    return onLoopback(checkpoints, Path.of("no-logs"));
  }

  /** A server that listens and has logs. */
  public static TestServer onLoopback(Path checkpoints, Path logs) {
    return new TestServer(
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)),
        "",
        new StoreCheckpoints(Set.of(Stores.base(checkpoints.toString()))),
        logs);
  }

  /** The port of a listening server. */
  public int port() {
    return server.getPort();
  }

  /** Waits until it has ended. */
  public void awaitTermination() throws InterruptedException {
    server.awaitTermination();
  }

  /** Where a listening server is. */
  public String address() {
    return "127.0.0.1:" + server.getPort();
  }

  /** A channel to a server in this process. */
  ManagedChannel channel() {
    return InProcessChannelBuilder.forName(name).build();
  }

  @Override
  public void close() {
    server.shutdownNow();
    executor.shutdownNow();
  }
}
