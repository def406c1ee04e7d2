package dev.rung.app;

import dev.rung.web.JsonApi;
import io.grpc.BindableService;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerInterceptor;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The way of calls over HTTP to a service: behind the same guard as those over gRPC. */
final class LocalCalls implements AutoCloseable {
  private final Server server;
  private final ManagedChannel channel;

  /** Answers are written on these, since a caller who does not read would block another thread. */
  private final ExecutorService writers = Executors.newVirtualThreadPerTaskExecutor();

  private LocalCalls(Server server, ManagedChannel channel) {
    this.server = server;
    this.channel = channel;
  }

  static LocalCalls to(BindableService service, ServerInterceptor guard) {
    String name = "http-" + UUID.randomUUID();
    try {
      return new LocalCalls(
          InProcessServerBuilder.forName(name)
              .directExecutor()
              .addService(service)
              .intercept(guard)
              .build()
              .start(),
          InProcessChannelBuilder.forName(name).directExecutor().build());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  JsonApi api() {
    return new JsonApi(channel, writers);
  }

  @Override
  public void close() {
    channel.shutdownNow();
    server.shutdownNow();
    writers.shutdown();
  }
}
