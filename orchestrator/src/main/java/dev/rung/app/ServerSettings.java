package dev.rung.app;

import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * What a server is started with.
 *
 * @param data its data folder
 * @param host address that it listens on; loopback, since nothing is encrypted yet
 * @param port of gRPC; 0: a free one
 * @param lostAfter how long an attempt may be without a session before it is lost
 * @param searcherPatience how long a program that proposes assignments may be silent before random
 *     ones are taken
 * @param checkpoints where nodes keep checkpoints that name no place of their own; empty: in the
 *     data folder
 * @param http address of the loopback that metrics are read at; empty: none
 */
public record ServerSettings(
    Path data,
    String host,
    int port,
    Duration lostAfter,
    Duration searcherPatience,
    Optional<String> checkpoints,
    Optional<InetSocketAddress> http) {

  /** Lost attempts go on elsewhere after a minute. */
  public static final Duration LOST_AFTER = Duration.ofSeconds(60);

  /** Programs that propose assignments may think for a minute. */
  public static final Duration SEARCHER_PATIENCE = Duration.ofSeconds(60);

  /** A server without metrics. */
  public ServerSettings(
      Path data,
      String host,
      int port,
      Duration lostAfter,
      Duration searcherPatience,
      Optional<String> checkpoints) {
    this(data, host, port, lostAfter, searcherPatience, checkpoints, Optional.empty());
  }

  /** The same, with metrics to be read at an address. */
  public ServerSettings withHttp(InetSocketAddress address) {
    return new ServerSettings(
        data, host, port, lostAfter, searcherPatience, checkpoints, Optional.of(address));
  }

  /** A server with ordinary patience. */
  public ServerSettings(Path data, String host, int port, Duration lostAfter) {
    this(data, host, port, lostAfter, SEARCHER_PATIENCE, Optional.empty());
  }
}
