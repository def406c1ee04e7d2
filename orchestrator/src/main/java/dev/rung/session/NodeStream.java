package dev.rung.session;

import dev.rung.proto.v1.ServerMessage;
import io.grpc.Status;

/** The outgoing half of a node's stream. Only its session's actor uses it. */
interface NodeStream {

  /** Sends a message. */
  void send(ServerMessage message);

  /** Whether a message would go out at once instead of being buffered. */
  boolean isReady();

  /** Takes one more message of the node. */
  void request();

  /** Ends the stream; one that has ended stays as it is. */
  void close(Status status);
}
