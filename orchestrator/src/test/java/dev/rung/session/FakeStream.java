package dev.rung.session;

import dev.rung.proto.v1.ServerMessage;
import io.grpc.Status;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;

/** A stream to a node that keeps what it was told. */
final class FakeStream implements PeerStream<ServerMessage> {
  final BlockingQueue<ServerMessage> sent = new LinkedBlockingQueue<>();
  final CompletableFuture<Status> closed = new CompletableFuture<>();
  volatile boolean ready = true;
  volatile boolean failing;

  @Override
  public void send(ServerMessage message) {
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
