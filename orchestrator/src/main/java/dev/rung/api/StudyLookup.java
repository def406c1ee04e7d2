package dev.rung.api;

import dev.rung.storage.ReadSide;
import dev.rung.storage.ReadSide.StudyRow;
import dev.rung.study.ErrorCode;
import dev.rung.study.Studies;
import dev.rung.study.StudyStatus;
import dev.rung.study.StudySummary;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds studies and reads them at least as new as they are. Everything that blocks runs on the
 * executor; waiting holds no thread.
 */
final class StudyLookup {
  private static final Logger log = LoggerFactory.getLogger(StudyLookup.class);
  private static final int SHOWN_IDS = 5;
  private static final long FIRST_PAUSE_MILLIS = 5;
  private static final long LONGEST_PAUSE_MILLIS = 100;

  private final Studies studies;
  private final ReadSide reads;
  private final Executor executor;
  private final Duration patience;

  /**
   * A lookup.
   *
   * @param executor for what blocks
   * @param patience longest wait for the read side to catch up
   */
  StudyLookup(Studies studies, ReadSide reads, Executor executor, Duration patience) {
    this.studies = studies;
    this.reads = reads;
    this.executor = executor;
    this.patience = patience;
  }

  /** Runs something that blocks. */
  <T> CompletableFuture<T> read(Supplier<T> blocking) {
    return CompletableFuture.supplyAsync(blocking, executor);
  }

  /**
   * The one study that is meant.
   *
   * @param study id, start of an id, or name
   */
  CompletableFuture<StudyRow> find(String study) {
    return read(() -> {
      List<StudyRow> found = reads.find(Limits.text("study", study, 1, Limits.STUDY));
      if (found.isEmpty()) {
        throw new ApiException(
            ErrorCode.NOT_FOUND,
            "expected the id, the start of an id, or the name of a study, but none fits \""
                + study
                + "\"");
      }
      if (found.size() > 1) {
        throw new ApiException(
            ErrorCode.AMBIGUOUS,
            "expected one study, but \"%s\" stands for %d: %s"
                .formatted(study, found.size(), ids(found)));
      }
      return found.get(0);
    });
  }

  /** The study that is meant, as it is now. */
  CompletableFuture<StudySummary> summary(String study) {
    return find(study).thenCompose(this::summary);
  }

  /** A study as it is now: an ended one from the read side, any other from itself. */
  CompletableFuture<StudySummary> summary(StudyRow row) {
    return row.status().equals(StudyStatus.ENDED.name()) && row.summary().isPresent()
        ? CompletableFuture.completedFuture(row.summary().get())
        : show(row.id());
  }

  /** A study as it says itself. */
  CompletableFuture<StudySummary> show(String id) {
    return answer(studies.show(id));
  }

  /** The study that is meant, once the read side knows all that the study knew when asked. */
  CompletableFuture<StudySummary> caughtUp(String study) {
    return summary(study).thenCompose(this::caughtUp);
  }

  /** A study, once the read side knows everything up to the event of the summary. */
  CompletableFuture<StudySummary> caughtUp(StudySummary study) {
    long deadline = System.nanoTime() + patience.toNanos();
    return poll(study, deadline, FIRST_PAUSE_MILLIS);
  }

  /** The answer of a study; one that does not come makes the server unavailable. */
  <T> CompletableFuture<T> answer(CompletionStage<T> stage) {
    return stage
        .toCompletableFuture()
        .exceptionallyCompose(failure -> {
          log.debug("Expected a study to answer, but it did not", failure);
          return CompletableFuture.failedFuture(
              new ApiException(
                  ErrorCode.UNAVAILABLE, "the study did not answer in time; try again"));
        });
  }

  private CompletableFuture<StudySummary> poll(StudySummary study, long deadline, long pause) {
    return read(() -> reads.projected(study.id()))
        .thenCompose(projected -> {
          if (projected >= study.event()) {
            return CompletableFuture.completedFuture(study);
          }
          if (System.nanoTime() - deadline >= 0) {
            return CompletableFuture.failedFuture(
                new ApiException(
                    ErrorCode.UNAVAILABLE,
                    "the tables know the study up to event %d, but it is at event %d; try again"
                        .formatted(projected, study.event())));
          }
          Executor later =
              CompletableFuture.delayedExecutor(pause, TimeUnit.MILLISECONDS, executor);
          return CompletableFuture.supplyAsync(() -> study, later)
              .thenCompose(same -> poll(same, deadline, Math.min(2 * pause, LONGEST_PAUSE_MILLIS)));
        });
  }

  private static String ids(List<StudyRow> found) {
    String first =
        found.stream().limit(SHOWN_IDS).map(StudyRow::id).collect(Collectors.joining(", "));
    return found.size() > SHOWN_IDS ? first + ", ..." : first;
  }
}
