package dev.rung.api;

import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.jspecify.annotations.Nullable;

/** Asks for one message, and for more only when the test does. */
final class SlowReader<Q, T> implements ClientResponseObserver<Q, T> {
  final BlockingQueue<T> messages = new LinkedBlockingQueue<>();
  private volatile @Nullable ClientCallStreamObserver<Q> started;

  ClientCallStreamObserver<Q> call() {
    return Objects.requireNonNull(started);
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<Q> call) {
    started = call;
    call.disableAutoRequestWithInitial(1);
  }

  @Override
  public void onNext(T message) {
    messages.add(message);
  }

  @Override
  public void onError(Throwable failure) {}

  @Override
  public void onCompleted() {}
}
