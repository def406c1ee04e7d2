package dev.rung.conformance;

import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.SendLogsRequest;
import dev.rung.proto.v1.SendLogsResponse;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.proto.v1.TrainerServiceGrpc;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The server that a trainer dials, on the loopback: it takes streams and leaves them to the kit.
 */
final class KitServer implements AutoCloseable {
  private final Server server;
  private final BlockingQueue<Connection> dialled = new LinkedBlockingQueue<>();
  private final List<SendLogsRequest> logs = new ArrayList<>();
  private final AtomicLong turnedAway = new AtomicLong();
  private volatile boolean away;

  KitServer() throws IOException {
    server =
        NettyServerBuilder.forAddress(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
            .addService(new Service())
            .build()
            .start();
  }

  /** HOST:PORT. */
  String address() {
    return "127.0.0.1:" + server.getPort();
  }

  /** The next stream that a trainer opens; empty: none within the time. */
  Optional<Connection> dialled(Duration most) throws InterruptedException {
    @Nullable Connection next = dialled.poll(most.toMillis(), TimeUnit.MILLISECONDS);
    return Optional.ofNullable(next);
  }

  /** Whether it turns every stream away, as one does that goes away. */
  void away(boolean now) {
    away = now;
  }

  /** Streams that it turned away so far. */
  long turnedAway() {
    return turnedAway.get();
  }

  /** Waits for parts of logs; the ones that came. */
  List<SendLogsRequest> awaitLogs(String what, Predicate<SendLogsRequest> wanted)
      throws Violation, InterruptedException {
    long deadline = System.nanoTime() + Played.SOON.toNanos();
    synchronized (logs) {
      while (logs.stream().noneMatch(wanted)) {
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (left <= 0) {
          throw new Violation(
              "expected %s within %s, got none".formatted(what, Shown.time(Played.SOON)));
        }
        logs.wait(left);
      }
      return logs.stream().filter(wanted).toList();
    }
  }

  @Override
  public void close() {
    server.shutdownNow();
  }

  private final class Service extends TrainerServiceGrpc.TrainerServiceImplBase {
    @Override
    public StreamObserver<NodeMessage> connect(StreamObserver<ServerMessage> out) {
      Connection connection = new Connection(out);
      if (away) {
        turnedAway.incrementAndGet();
        connection.close(Status.UNAVAILABLE.withDescription("the server is going away"));
      } else {
        dialled.add(connection);
      }
      return connection;
    }

    @Override
    public StreamObserver<SendLogsRequest> sendLogs(StreamObserver<SendLogsResponse> out) {
      return new StreamObserver<>() {
        @Override
        public void onNext(SendLogsRequest part) {
          synchronized (logs) {
            logs.add(part);
            logs.notifyAll();
          }
        }

        @Override
        public void onError(Throwable thrown) {
          // What came is kept.
        }

        @Override
        public void onCompleted() {
          out.onNext(SendLogsResponse.getDefaultInstance());
          out.onCompleted();
        }
      };
    }
  }
}
