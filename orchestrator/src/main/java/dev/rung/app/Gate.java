package dev.rung.app;

import dev.rung.access.AccessException;
import dev.rung.access.FirstMessage;
import dev.rung.access.Guard;
import dev.rung.access.Security;
import dev.rung.access.ServerTls;
import dev.rung.access.Tokens;
import io.grpc.ServerInterceptor;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Optional;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Keys and tokens of a running server. It looks every second for what has changed, so that a
 * revoked token and a new certificate count soon.
 */
final class Gate implements AutoCloseable {
  private static final long LOOK_SECONDS = 1;

  private final Tokens tokens;
  private final Guard guard;
  private final Optional<ServerTls> tls;
  private final ScheduledThreadPoolExecutor looks;

  private Gate(Tokens tokens, Guard guard, Optional<ServerTls> tls) {
    this.tokens = tokens;
    this.guard = guard;
    this.tls = tls;
    this.looks =
        new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon().name("access").factory());
    // Nearly every call says something at once, and its timer is of no use any more.
    looks.setRemoveOnCancelPolicy(true);
  }

  /**
   * Reads keys and tokens, and goes on looking at them.
   *
   * @throws AccessException they cannot be used
   */
  static Gate open(Security security, Path data) {
    Clock clock = Clock.systemUTC();
    Tokens tokens = Tokens.open(data, clock);
    Gate gate =
        new Gate(
            tokens,
            new Guard(security.tokens() ? Optional.of(tokens) : Optional.empty()),
            security.tls().map(files -> ServerTls.open(files, clock)));
    var unused =
        gate.looks.scheduleWithFixedDelay(gate::look, LOOK_SECONDS, LOOK_SECONDS, TimeUnit.SECONDS);
    return gate;
  }

  private void look() {
    tls.ifPresent(ServerTls::refresh);
    tokens.refresh();
    guard.cutWorthless();
  }

  Tokens tokens() {
    return tokens;
  }

  /** Holds calls to their rules and tokens. */
  ServerInterceptor guard() {
    return guard;
  }

  /** Puts a server behind it. */
  void apply(NettyServerBuilder server, GrpcSettings settings) {
    TransportLog.quieten();
    settings.apply(server, tls.map(ServerTls::context));
    // The last one is the first to see a call.
    server.intercept(guard).intercept(new FirstMessage(settings.firstMessage(), looks));
  }

  @Override
  public void close() {
    looks.shutdownNow();
  }
}
