package dev.rung.access;

import io.grpc.ForwardingServerCall.SimpleForwardingServerCall;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.Status;

/**
 * A call that may be cut from outside at any time. Whoever serves it finds it cancelled then, as if
 * the caller had left.
 *
 * @param <Q> what the caller says
 * @param <S> what the caller is told
 */
final class GuardedCall<Q, S> extends SimpleForwardingServerCall<Q, S> {
  private boolean closed;
  private boolean cut;

  GuardedCall(ServerCall<Q, S> call) {
    super(call);
  }

  /** Ends it; one that has ended stays as it is. */
  synchronized void cut(Status status) {
    if (!closed) {
      closed = true;
      cut = true;
      super.close(status, new Metadata());
    }
  }

  /** Whether it was ended from outside. */
  synchronized boolean isCut() {
    return cut;
  }

  @Override
  public synchronized boolean isCancelled() {
    return cut || super.isCancelled();
  }

  @Override
  public synchronized void sendHeaders(Metadata headers) {
    if (!cut) {
      super.sendHeaders(headers);
    }
  }

  @Override
  public synchronized void sendMessage(S message) {
    if (!cut) {
      super.sendMessage(message);
    }
  }

  @Override
  public synchronized void close(Status status, Metadata trailers) {
    if (!cut) {
      closed = true;
      super.close(status, trailers);
    }
  }
}
