package dev.rung.api;

import io.grpc.stub.ServerCallStreamObserver;
import java.io.Closeable;
import java.io.IOException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends messages as fast as the client takes them. They are made on the executor, by one thread at
 * a time, and only while the call is ready, so a slow client holds at most one message.
 *
 * @param <T> the message
 */
final class ChunkStream<T> {
  private static final Logger log = LoggerFactory.getLogger(ChunkStream.class);

  private final ServerCallStreamObserver<T> observer;
  private final Executor executor;
  private final AtomicInteger wakeUps = new AtomicInteger();
  private volatile @Nullable Source<T> source;
  // Only the thread that drains touches it.
  private boolean done;

  /**
   * Where messages come from; it may block.
   *
   * @param <T> the message
   */
  interface Source<T> extends Closeable {

    /**
     * The next message; null at the end.
     *
     * @throws ApiException the end is not a good one
     */
    @Nullable T next() throws IOException;
  }

  /** Must be called within the call's own start: gRPC takes handlers only there. */
  ChunkStream(ServerCallStreamObserver<T> observer, Executor executor) {
    this.observer = observer;
    this.executor = executor;
    observer.setOnReadyHandler(this::wake);
    observer.setOnCancelHandler(this::wake);
  }

  /** Begins to send; closes the source at the end, also where the client goes away. */
  void send(Source<T> messages) {
    source = messages;
    wake();
  }

  private void wake() {
    if (wakeUps.getAndIncrement() == 0) {
      executor.execute(this::drain);
    }
  }

  private void drain() {
    int seen = wakeUps.get();
    while (seen != 0) {
      Source<T> now = source;
      if (now != null && !done) {
        drain(now);
      }
      seen = wakeUps.addAndGet(-seen);
    }
  }

  private void drain(Source<T> now) {
    try {
      while (!done) {
        if (observer.isCancelled()) {
          finish(now);
          return;
        }
        if (!observer.isReady()) {
          return;
        }
        T message = now.next();
        if (message != null) {
          observer.onNext(message);
        } else {
          finish(now);
          observer.onCompleted();
        }
      }
    } catch (IOException | RuntimeException e) {
      observer.onError(ErrorMapper.status(e).asRuntimeException());
      abandon(now);
    }
  }

  private void abandon(Source<T> now) {
    try {
      finish(now);
    } catch (IOException e) {
      log.debug("Expected what a call reads to close, but it did not", e);
    }
  }

  private void finish(Source<T> now) throws IOException {
    done = true;
    now.close();
  }
}
