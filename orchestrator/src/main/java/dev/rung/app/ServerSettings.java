package dev.rung.app;

import dev.rung.access.Security;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a server is started with.
 *
 * @param data its data folder
 * @param host address that it listens on
 * @param port of gRPC; 0: a free one
 * @param lostAfter how long an attempt may be without a session before it is lost
 * @param tiedFor how long a trial waits for a busy node whose disk keeps its checkpoint before it
 *     goes on elsewhere without it
 * @param searcherPatience how long a program that proposes assignments may be silent before random
 *     ones are taken
 * @param checkpoints where nodes keep checkpoints that name no place of their own; empty: in the
 *     data folder
 * @param security TLS and tokens, both of which it takes off loopback
 * @param limits of connections
 * @param http address of the loopback that metrics are read at; empty: none
 */
public record ServerSettings(
    Path data,
    String host,
    int port,
    Duration lostAfter,
    Duration tiedFor,
    Duration searcherPatience,
    Optional<String> checkpoints,
    Security security,
    GrpcSettings limits,
    Optional<InetSocketAddress> http) {

  /** Lost attempts go on elsewhere after a minute. */
  public static final Duration LOST_AFTER = Duration.ofSeconds(60);

  /** Trials wait for a busy node for 5 minutes. */
  public static final Duration TIED_FOR = Duration.ofMinutes(5);

  /** Programs that propose assignments may think for a minute. */
  public static final Duration SEARCHER_PATIENCE = Duration.ofSeconds(60);

  /** A server on a loopback, with ordinary patience. */
  public ServerSettings(Path data, String host, int port, Duration lostAfter) {
    this(
        data,
        host,
        port,
        lostAfter,
        TIED_FOR,
        SEARCHER_PATIENCE,
        Optional.empty(),
        Security.NONE,
        GrpcSettings.DEFAULTS,
        Optional.empty());
  }

  /** The same with a place for checkpoints. */
  public ServerSettings withCheckpoints(Optional<String> place) {
    return new ServerSettings(
        data, host, port, lostAfter, tiedFor, searcherPatience, place, security, limits, http);
  }

  /** The same where trials wait for a busy node whose disk keeps their checkpoint for so long. */
  public ServerSettings withTiedFor(Duration patience) {
    return new ServerSettings(
        data,
        host,
        port,
        lostAfter,
        patience,
        searcherPatience,
        checkpoints,
        security,
        limits,
        http);
  }

  /** The same with TLS or tokens. */
  public ServerSettings protectedBy(Security protection) {
    return new ServerSettings(
        data,
        host,
        port,
        lostAfter,
        tiedFor,
        searcherPatience,
        checkpoints,
        protection,
        limits,
        http);
  }

  /** The same with other limits. */
  ServerSettings within(GrpcSettings others) {
    return new ServerSettings(
        data,
        host,
        port,
        lostAfter,
        tiedFor,
        searcherPatience,
        checkpoints,
        security,
        others,
        http);
  }

  /** The same with an address of the loopback that metrics are read at; empty: none. */
  public ServerSettings withHttp(Optional<InetSocketAddress> address) {
    return new ServerSettings(
        data,
        host,
        port,
        lostAfter,
        tiedFor,
        searcherPatience,
        checkpoints,
        security,
        limits,
        address);
  }

  /** Where it listens. */
  InetSocketAddress address() {
    return new InetSocketAddress(host, port);
  }
}
