package dev.rung.session;

import io.grpc.Status;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * A stream to a peer that keeps what it was told.
 *
 * @param <M> what the peer is told
 */
final class FakeStream<M> implements PeerStream<M> {
  final BlockingQueue<M> sent = new LinkedBlockingQueue<>();
  final CompletableFuture<Status> closed = new CompletableFuture<>();
  volatile boolean ready = true;
  volatile boolean failing;

  /** The next that it was told. */
  M take() throws InterruptedException {
    M message = sent.poll(20, TimeUnit.SECONDS);
    if (message == null) {
      throw new AssertionError("nothing came");
    }
    return message;
  }

  @Override
  public void send(M message) {
    if (failing) {
      throw new IllegalStateException("the stream fails, as the test wants it");
    }
    sent.add(message);
  }

  @Override
  public boolean isReady() {
    return ready;
  }

  @Override
  public void request() {
    // A test says something whenever it likes.
  }

  @Override
  public void close(Status status) {
    closed.complete(status);
  }
}
