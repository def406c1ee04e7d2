package dev.rung.api;

import dev.rung.logs.LogReader;
import dev.rung.proto.v1.ReadTrialLogsRequest;
import dev.rung.proto.v1.ReadTrialLogsResponse;
import dev.rung.storage.ReadSide;
import dev.rung.storage.ReadSide.AttemptRow;
import dev.rung.storage.ReadSide.TrialRow;
import dev.rung.study.ErrorCode;
import dev.rung.study.TrialStatus;
import io.grpc.stub.ServerCallStreamObserver;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/** What trials said while they trained, for clients. */
final class TrialLogs {
  /** Each looks at files several times a second. */
  static final int MOST_FOLLOWERS = 64;

  private static final int MOST_TAIL = 1_000_000;

  /** Between two looks at a trial's row. */
  private static final long LOOK_NANOS = Duration.ofSeconds(1).toNanos();

  /** Lines travel beside the metrics, so the last may come after the trial's end is known. */
  private static final long AFTER_END_MILLIS = 2_000;

  private final TrialReads trials;
  private final ReadSide reads;
  private final LogReader logs;
  private final Executor executor;
  private final InstantSource clock;
  private final AtomicInteger followers = new AtomicInteger();

  TrialLogs(
      TrialReads trials, ReadSide reads, LogReader logs, Executor executor, InstantSource clock) {
    this.trials = trials;
    this.reads = reads;
    this.logs = logs;
    this.executor = executor;
    this.clock = clock;
  }

  /** Sends a trial's log. */
  void read(
      ReadTrialLogsRequest request, ServerCallStreamObserver<ReadTrialLogsResponse> observer) {
    boolean follow = request.getFollow();
    LogStream stream =
        new LogStream(
            observer,
            executor,
            () -> {
              if (follow) {
                followers.decrementAndGet();
              }
            });
    if (follow && followers.incrementAndGet() > MOST_FOLLOWERS) {
      stream.fail(
          new ApiException(
              ErrorCode.UNAVAILABLE,
              "expected at most %d clients to follow logs at the same time; try again later"
                  .formatted(MOST_FOLLOWERS)));
      return;
    }
    trials
        .find(request.getStudy(), request.getTrial())
        .thenAccept(found -> {
          String study = found.study().id();
          int trial = found.row().number();
          int tail = Limits.number("tail", request.getTail(), 0, MOST_TAIL);
          BooleanSupplier isOver = follow ? new Watch(study, trial) : () -> true;
          stream.send(new LogStream.Source(logs, study, trial, tail, isOver));
        })
        .exceptionally(failure -> {
          stream.fail(failure);
          return null;
        });
  }

  /** Whether a trial has ended for good, looked at now and then. */
  private final class Watch implements BooleanSupplier {
    private final String study;
    private final int trial;
    private long lookAt = System.nanoTime();

    Watch(String study, int trial) {
      this.study = study;
      this.trial = trial;
    }

    @Override
    public boolean getAsBoolean() {
      long now = System.nanoTime();
      if (now - lookAt < 0) {
        return false;
      }
      lookAt = now + LOOK_NANOS;
      return reads.trial(study, trial).map(this::isOver).orElse(true);
    }

    private boolean isOver(TrialRow row) {
      long ended = row.attempts().stream().mapToLong(AttemptRow::ended).max().orElse(0);
      return TrialStatus.valueOf(row.status()).isClosed()
          && clock.millis() - ended >= AFTER_END_MILLIS;
    }
  }
}
