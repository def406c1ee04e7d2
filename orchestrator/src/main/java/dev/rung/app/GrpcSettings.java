package dev.rung.app;

import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.netty.shaded.io.netty.handler.ssl.SslContext;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What the server lets one connection do. Reaching a limit costs the one who reaches it, and nobody
 * else.
 *
 * @param messageBytes of one message that comes; the SDK sends 256 KiB, a study file has as much
 * @param metadataBytes of what comes with one call
 * @param callsOfConnection open at the same time; grpc-java has no bound of its own
 * @param resets calls that the client broke off, in {@code resetWindow}: against "rapid reset"
 *     (CVE-2023-44487); grpc-java has no bound of its own
 * @param empties frames that say nothing, in {@code resetWindow}
 * @param handshake how long a connection may take to begin
 * @param firstMessage how long a call may take to say something
 * @param idle after which a connection without a call is closed; a node's stream is a call
 * @param leastBetweenPings a client that pings more often is closed; the SDK pings every 30 s
 * @param betweenOwnPings finds clients that vanished without a word
 * @param age after which a client under TLS is told to connect anew, so that new keys reach all of
 *     them and a certificate that has expired is not used for ever; nodes do so without a loss
 * @param ageGrace how long the calls of such a connection may go on
 */
public record GrpcSettings(
    int messageBytes,
    int metadataBytes,
    int callsOfConnection,
    int resets,
    Duration resetWindow,
    int empties,
    Duration handshake,
    Duration firstMessage,
    Duration idle,
    Duration leastBetweenPings,
    Duration betweenOwnPings,
    Duration age,
    Duration ageGrace) {

  /** Those of an ordinary server. */
  public static final GrpcSettings DEFAULTS =
      new GrpcSettings(
          1 << 20,
          8 << 10,
          256,
          200,
          Duration.ofSeconds(10),
          1_000,
          Duration.ofSeconds(10),
          Duration.ofSeconds(10),
          Duration.ofMinutes(15),
          Duration.ofSeconds(20),
          Duration.ofSeconds(60),
          Duration.ofHours(24),
          Duration.ofMinutes(5));

  /** The same for connections that live so long. */
  GrpcSettings aged(Duration newAge, Duration newGrace) {
    return new GrpcSettings(
        messageBytes,
        metadataBytes,
        callsOfConnection,
        resets,
        resetWindow,
        empties,
        handshake,
        firstMessage,
        idle,
        leastBetweenPings,
        betweenOwnPings,
        newAge,
        newGrace);
  }

  /**
   * Holds a server to these limits.
   *
   * @param tls what it is spoken to under; empty: nothing
   */
  void apply(NettyServerBuilder server, Optional<SslContext> tls) {
    server
        .protocolNegotiator(new FrameLimits(tls, empties, resetWindow))
        .maxInboundMessageSize(messageBytes)
        .maxInboundMetadataSize(metadataBytes)
        .maxConcurrentCallsPerConnection(callsOfConnection)
        .maxRstFramesPerWindow(resets, (int) resetWindow.toSeconds())
        .handshakeTimeout(handshake.toMillis(), TimeUnit.MILLISECONDS)
        .maxConnectionIdle(idle.toMillis(), TimeUnit.MILLISECONDS)
        .permitKeepAliveTime(leastBetweenPings.toMillis(), TimeUnit.MILLISECONDS)
        .keepAliveTime(betweenOwnPings.toMillis(), TimeUnit.MILLISECONDS);
    if (tls.isPresent()) {
      // On a loopback there are no keys to change, and whoever follows a log need not be cut.
      server
          .maxConnectionAge(age.toMillis(), TimeUnit.MILLISECONDS)
          .maxConnectionAgeGrace(ageGrace.toMillis(), TimeUnit.MILLISECONDS);
    }
  }
}
