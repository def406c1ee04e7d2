package dev.rung.session;

import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;

/**
 * Writes to a call; a call that has ended takes nothing more, which is no fault.
 *
 * @param <M> what the peer is told
 */
final class GrpcStream<M> implements PeerStream<M> {
  private final ServerCallStreamObserver<M> call;
  private boolean closed;

  GrpcStream(ServerCallStreamObserver<M> call) {
    this.call = call;
  }

  @Override
  public void send(M message) {
    if (!closed && !call.isCancelled()) {
      call.onNext(message);
    }
  }

  @Override
  public boolean isReady() {
    return !closed && call.isReady();
  }

  @Override
  public void request() {
    call.request(1);
  }

  @Override
  public void close(Status status) {
    if (closed || call.isCancelled()) {
      return;
    }
    closed = true;
    if (status.isOk()) {
      call.onCompleted();
    } else {
      call.onError(status.asRuntimeException());
    }
  }
}
