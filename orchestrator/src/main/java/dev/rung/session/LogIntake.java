package dev.rung.session;

import dev.rung.logs.LogLine;
import dev.rung.logs.LogWriter;
import dev.rung.proto.v1.SendLogsRequest;
import dev.rung.proto.v1.SendLogsResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes the trials' logs. Of a call one message at a time is in memory: the next is asked for when
 * the one before is written, so that a disk that is slow slows the logs and nothing else.
 */
final class LogIntake {
  private static final Logger log = LoggerFactory.getLogger(LogIntake.class);

  /** Together at most 64 MiB of text. */
  static final int MOST_CALLS = 1_024;

  /** A call that sends what there is needs far less. */
  private static final long LONGEST_CALL_SECONDS = 60;

  private final LogRights rights;
  private final LogWriter writer;
  private final Executor blocking;
  private final AtomicInteger calls = new AtomicInteger();

  LogIntake(LogRights rights, LogWriter writer, Executor blocking) {
    this.rights = rights;
    this.writer = writer;
    this.blocking = blocking;
  }

  /** A new call. */
  StreamObserver<SendLogsRequest> begin(StreamObserver<SendLogsResponse> responses, Caller caller) {
    var call = (ServerCallStreamObserver<SendLogsResponse>) responses;
    call.disableAutoRequest();
    Call taken = new Call(call, caller);
    if (calls.incrementAndGet() > MOST_CALLS) {
      taken.fail(
          Status.RESOURCE_EXHAUSTED.withDescription(
              "expected at most %d nodes to send logs at the same time".formatted(MOST_CALLS)));
    } else {
      taken.limit();
      call.request(1);
    }
    return taken;
  }

  /** One call. Its messages come one by one; its end may come while one is written. */
  private final class Call implements StreamObserver<SendLogsRequest> {
    private final ServerCallStreamObserver<SendLogsResponse> call;
    private final Caller caller;
    private final Set<dev.rung.proto.v1.AttemptRef> refused = new LinkedHashSet<>();
    private final CompletableFuture<Void> ended = new CompletableFuture<>();
    private CompletableFuture<Void> written = CompletableFuture.completedFuture(null);

    Call(ServerCallStreamObserver<SendLogsResponse> call, Caller caller) {
      this.call = call;
      this.caller = caller;
      call.setOnCancelHandler(() -> ended.complete(null));
      var unused = ended.thenRun(calls::decrementAndGet);
    }

    void limit() {
      var unused =
          ended
              .copy()
              .orTimeout(LONGEST_CALL_SECONDS, TimeUnit.SECONDS)
              .exceptionally(late -> {
                fail(
                    Status.DEADLINE_EXCEEDED.withDescription(
                        "expected logs to be sent in %d s".formatted(LONGEST_CALL_SECONDS)));
                return null;
              });
    }

    @Override
    public void onNext(SendLogsRequest message) {
      written =
          CompletableFuture.runAsync(() -> take(message), blocking)
              .whenComplete((nothing, failure) -> {
                if (failure == null) {
                  call.request(1);
                } else {
                  fail(status(failure.getCause() == null ? failure : failure.getCause()));
                }
              });
    }

    private void take(SendLogsRequest message) {
      if (!rights.isOpen(message.getSession(), caller)) {
        throw new ProtocolException(
            Status.Code.NOT_FOUND,
            "expected the session of an open stream, but none was welcomed so");
      }
      AttemptKey key = AttemptKey.of(message.getAttempt());
      List<LogLine> lines = LogLines.read(message);
      if (!rights.mayWrite(message.getSession(), caller, key)) {
        if (refused.size() < HelloReader.MOST_ATTEMPTS) {
          refused.add(message.getAttempt());
        }
        return;
      }
      try {
        writer.append(key.study(), key.ref().trial(), lines);
      } catch (IOException e) {
        log.warn("Expected to write the log of {}, but: {}", key, e.toString());
        throw Status.UNAVAILABLE
            .withDescription("the server cannot write logs now")
            .asRuntimeException();
      }
    }

    @Override
    public void onError(Throwable error) {
      ended.complete(null);
    }

    @Override
    public void onCompleted() {
      // A fault of the last message has been told already.
      var unused = written.thenRun(this::answer);
    }

    private synchronized void answer() {
      if (ended.complete(null) && !call.isCancelled()) {
        call.onNext(SendLogsResponse.newBuilder().addAllRefused(refused).build());
        call.onCompleted();
      }
    }

    synchronized void fail(Status status) {
      if (ended.complete(null) && !call.isCancelled()) {
        call.onError(status.asRuntimeException());
      }
    }

    private static Status status(Throwable failure) {
      return switch (failure) {
        case ProtocolException e -> e.status();
        case StatusRuntimeException e -> e.getStatus();
        case Throwable e -> {
          log.error("Expected to take the lines of a log, but it failed", e);
          yield Status.INTERNAL.withDescription("a fault of the server; its log says more");
        }
      };
    }
  }
}
