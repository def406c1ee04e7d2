package dev.rung.api;

import dev.rung.storage.ReadSide;
import dev.rung.study.Studies;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/** Finds studies for the other services of the server as this package does for its own. */
public final class StudyIds {
  private final StudyLookup lookup;

  /**
   * Finds by what is stored.
   *
   * @param executor for what blocks on the database
   */
  public StudyIds(Studies studies, ReadSide reads, Executor executor) {
    this.lookup = new StudyLookup(studies, reads, executor, Duration.ZERO);
  }

  /**
   * The id of the one study that is meant. The stage fails with the gRPC status of the refusal.
   *
   * @param study id, start of an id, or name
   */
  public CompletionStage<String> find(String study) {
    return lookup
        .find(study)
        .thenApply(ReadSide.StudyRow::id)
        .exceptionallyCompose(failure ->
            CompletableFuture.failedFuture(ErrorMapper.status(failure).asRuntimeException()));
  }
}
