package dev.rung.api;

import dev.rung.proto.v1.AskRequest;
import dev.rung.proto.v1.AskResponse;
import dev.rung.proto.v1.NothingMore;
import dev.rung.proto.v1.NothingNow;
import dev.rung.proto.v1.TellRequest;
import dev.rung.proto.v1.TellResponse;
import dev.rung.storage.ReadSide.StudyRow;
import dev.rung.study.ErrorCode;
import dev.rung.study.StudyStatus;
import dev.rung.study.StudySummary;
import dev.rung.study.TrialStatus;
import io.grpc.Context;
import io.grpc.Deadline;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Ask and Tell: finds the study that a loop means, and says why there is no trial for it. */
final class LoopCalls {
  private static final Duration LINGER = Duration.ofSeconds(1);
  private static final Duration LONGEST_LINGER = Duration.ofSeconds(30);

  /** What is left of a deadline to bring the answer. */
  private static final Duration WAY = Duration.ofMillis(250);

  private static final Duration SOON = Duration.ofSeconds(1);
  private static final Duration LATER = Duration.ofSeconds(5);

  private final StudyLookup lookup;
  private final Loops loops;

  LoopCalls(StudyLookup lookup, Loops loops) {
    this.lookup = lookup;
    this.loops = loops;
  }

  CompletableFuture<AskResponse> ask(AskRequest request) {
    Duration linger = withinDeadline(linger(request));
    return lookup.find(request.getStudy()).thenCompose(row -> ask(row, request, linger));
  }

  CompletableFuture<TellResponse> tell(TellRequest request) {
    return lookup
        .find(request.getStudy())
        .thenCompose(row -> answer(loops.tell(row.id(), request)));
  }

  private CompletableFuture<AskResponse> ask(StudyRow row, AskRequest request, Duration linger) {
    if (row.status().equals(StudyStatus.ENDED.name()) && row.summary().isPresent()) {
      return CompletableFuture.completedFuture(
          without(AskResponse.getDefaultInstance(), row.summary().get()));
    }
    return answer(loops.ask(row.id(), request, linger))
        .thenCompose(response ->
            response.getAnswerCase() == AskResponse.AnswerCase.ANSWER_NOT_SET
                ? lookup.summary(row).thenApply(study -> without(response, study))
                : CompletableFuture.completedFuture(response));
  }

  /** What the loop is told, or that the study does not answer. */
  private <T> CompletableFuture<T> answer(CompletionStage<T> stage) {
    return stage
        .toCompletableFuture()
        .exceptionallyCompose(failure -> {
          Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
          CompletableFuture<T> failed = CompletableFuture.failedFuture(failure);
          return cause instanceof TimeoutException ? lookup.answer(failed) : failed;
        });
  }

  private static AskResponse without(AskResponse response, StudySummary study) {
    AskResponse.Builder answer = response.toBuilder();
    if (study.status() == StudyStatus.ENDED) {
      return answer.setOver(NothingMore.newBuilder().setReason(study.reason())).build();
    }
    Duration pause = study.status() == StudyStatus.PAUSED ? LATER : SOON;
    return answer
        .setNothing(
            NothingNow.newBuilder()
                .setAskAgainAfter(
                    com.google.protobuf.Duration.newBuilder().setSeconds(pause.toSeconds()))
                .setReason(reason(study)))
        .build();
  }

  private static String reason(StudySummary study) {
    return switch (study.status()) {
      case PAUSED -> "the study is paused: " + study.reason();
      case STOPPING -> "the study is about to end: " + study.reason();
      case RUNNING -> waitsFor(study);
      case ENDED, EMPTY -> study.reason();
    };
  }

  private static String waitsFor(StudySummary study) {
    int running = study.trials().getOrDefault(TrialStatus.RUNNING, 0);
    int awaited = study.trials().getOrDefault(TrialStatus.AWAITING_METRIC, 0);
    OptionalInt parallel = study.plan().budget().parallel();
    if (parallel.isPresent() && running >= parallel.getAsInt()) {
      return "as many trials run as budget.parallel allows: " + running;
    }
    return "no trial can begin now: %d run, %d wait for metrics from outside"
        .formatted(running, awaited);
  }

  private static Duration linger(AskRequest request) {
    if (!request.hasLinger()) {
      return LINGER;
    }
    long seconds = request.getLinger().getSeconds();
    int nanos = request.getLinger().getNanos();
    if (seconds < 0 || seconds > LONGEST_LINGER.toSeconds() || nanos < 0) {
      throw new ApiException(
          ErrorCode.INVALID,
          "linger: expected 0 to %d s, but came %d s and %d ns"
              .formatted(LONGEST_LINGER.toSeconds(), seconds, nanos));
    }
    return Duration.ofSeconds(seconds, nanos);
  }

  /** A call that is given up has its answer in time where it could. */
  private static Duration withinDeadline(Duration linger) {
    Deadline deadline = Context.current().getDeadline();
    if (deadline == null) {
      return linger;
    }
    Duration left = Duration.ofNanos(deadline.timeRemaining(TimeUnit.NANOSECONDS)).minus(WAY);
    if (left.isNegative()) {
      return Duration.ZERO;
    }
    return left.compareTo(linger) < 0 ? left : linger;
  }
}
