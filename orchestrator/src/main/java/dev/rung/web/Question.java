package dev.rung.web;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A question to something that may answer late or never. At most one is on its way, whoever asks:
 * those who come meanwhile wait for the same answer.
 */
final class Question<T> {
  private final Supplier<CompletionStage<T>> source;
  private @Nullable CompletableFuture<T> underway;

  Question(Supplier<CompletionStage<T>> source) {
    this.source = source;
  }

  /** Asks, and does not wait. */
  synchronized CompletableFuture<T> ask() {
    CompletableFuture<T> answer = underway;
    if (answer == null || answer.isDone()) {
      try {
        answer = source.get().toCompletableFuture();
      } catch (RuntimeException e) {
        answer = CompletableFuture.failedFuture(e);
      }
      underway = answer;
    }
    return answer;
  }

  /**
   * The answer, where it comes in time.
   *
   * @param deadline in nanoseconds of the monotonic clock
   */
  static <T> Optional<T> await(CompletableFuture<T> answer, long deadline) {
    try {
      return Optional.of(
          answer.get(Math.max(0, deadline - System.nanoTime()), TimeUnit.NANOSECONDS));
    } catch (ExecutionException | TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }
}
