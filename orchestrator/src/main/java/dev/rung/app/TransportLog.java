package dev.rung.app;

import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * What grpc-java logs of its connections: a stack trace for each that a peer has spoilt, which
 * anybody may have as many of as he likes. Whoever wants them gives the logger a level of its own.
 */
final class TransportLog {
  /** Held here, since nothing else holds it. */
  private static final Logger TRANSPORT = Logger.getLogger("io.grpc.netty.shaded.io.grpc.netty");

  private TransportLog() {}

  /** Leaves out what is the peer's fault. */
  static void quieten() {
    if (TRANSPORT.getLevel() == null) {
      TRANSPORT.setLevel(Level.SEVERE);
    }
  }
}
