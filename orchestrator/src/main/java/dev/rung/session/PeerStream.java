package dev.rung.session;

import io.grpc.Status;

/**
 * The outgoing half of a peer's stream. Only its session's actor uses it.
 *
 * @param <M> what the peer is told
 */
interface PeerStream<M> {

  /** Sends a message. */
  void send(M message);

  /** Whether a message would go out at once instead of being buffered. */
  boolean isReady();

  /** Takes one more message of the peer. */
  void request();

  /** Ends the stream; one that has ended stays as it is. */
  void close(Status status);
}
