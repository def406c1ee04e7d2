package dev.rung.api;

import dev.rung.logs.LogReader;
import dev.rung.logs.LogReader.Cursor;
import dev.rung.logs.LogReader.Part;
import dev.rung.proto.v1.ReadTrialLogsResponse;
import dev.rung.study.ErrorCode;
import io.grpc.stub.ServerCallStreamObserver;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Sends a trial's log as fast as the client takes it, then looks for more until there will be none.
 * The files are read on the executor, by one thread at a time, and only while the call is ready.
 */
final class LogStream {
  private static final long LOOK_MILLIS = 200;

  private final ServerCallStreamObserver<ReadTrialLogsResponse> observer;
  private final Executor executor;
  private final Runnable atEnd;
  private final AtomicInteger wakeUps = new AtomicInteger();
  private volatile @Nullable Source source;
  // Only the thread that drains touches these.
  private final LogParts parts = new LogParts();
  private final Deque<ReadTrialLogsResponse> unsent = new ArrayDeque<>();
  private Cursor cursor = Cursor.START;
  private boolean done;

  /**
   * What is sent.
   *
   * @param tail only so many of the lines that are there; 0: all
   * @param isOver whether nothing more will come; asked before each look at the files
   */
  record Source(LogReader logs, String study, int trial, int tail, BooleanSupplier isOver) {}

  /**
   * Must be called within the call's own start: gRPC takes handlers only there.
   *
   * @param atEnd run once, however the call ends
   */
  LogStream(
      ServerCallStreamObserver<ReadTrialLogsResponse> observer, Executor executor, Runnable atEnd) {
    this.observer = observer;
    this.executor = executor;
    AtomicInteger ends = new AtomicInteger();
    this.atEnd =
        () -> {
          if (ends.getAndIncrement() == 0) {
            atEnd.run();
          }
        };
    observer.setOnReadyHandler(this::wake);
    observer.setOnCancelHandler(this.atEnd);
  }

  /** Begins to send. */
  void send(Source content) {
    source = content;
    wake();
  }

  /** Ends the call by a fault. */
  void fail(Throwable failure) {
    done = true;
    atEnd.run();
    Unary.fail(observer, failure);
  }

  private void wake() {
    if (wakeUps.getAndIncrement() == 0) {
      executor.execute(this::drain);
    }
  }

  private void drain() {
    int seen = wakeUps.get();
    while (seen != 0) {
      Source now = source;
      if (now != null && !done) {
        drain(now);
      }
      seen = wakeUps.addAndGet(-seen);
    }
  }

  private void drain(Source now) {
    try {
      if (cursor.equals(Cursor.START) && now.tail() > 0) {
        readTail(now);
      }
      while (!observer.isCancelled() && observer.isReady()) {
        ReadTrialLogsResponse next = unsent.poll();
        if (next != null) {
          observer.onNext(next);
          continue;
        }
        boolean isLast = now.isOver().getAsBoolean();
        if (!read(now)) {
          rest(isLast);
          return;
        }
      }
    } catch (IOException | RuntimeException e) {
      fail(
          e instanceof IOException
              ? new ApiException(
                  ErrorCode.UNAVAILABLE,
                  "the log cannot be read (" + e.getClass().getSimpleName() + "); try again")
              : e);
    }
  }

  /** Nothing is left: this is the end, or the next look comes later. */
  private void rest(boolean isLast) {
    if (isLast) {
      done = true;
      atEnd.run();
      observer.onCompleted();
    } else {
      CompletableFuture.delayedExecutor(LOOK_MILLIS, TimeUnit.MILLISECONDS, executor)
          .execute(this::wake);
    }
  }

  private boolean read(Source now) throws IOException {
    Part part = now.logs().read(now.study(), now.trial(), cursor);
    boolean moved = !part.next().equals(cursor);
    cursor = part.next();
    unsent.addAll(LogParts.messages(parts.number(part.lines())));
    return moved;
  }

  private void readTail(Source now) throws IOException {
    Deque<LogParts.Numbered> tail = new ArrayDeque<>();
    boolean more = true;
    while (more) {
      Part part = now.logs().read(now.study(), now.trial(), cursor);
      more = !part.next().equals(cursor);
      cursor = part.next();
      for (LogParts.Numbered line : parts.number(part.lines())) {
        tail.add(line);
        if (tail.size() > now.tail()) {
          tail.remove();
        }
      }
    }
    unsent.addAll(LogParts.messages(tail));
  }
}
