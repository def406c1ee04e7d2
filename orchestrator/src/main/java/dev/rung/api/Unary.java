package dev.rung.api;

import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/** Ends unary calls with what a stage brings. */
final class Unary {
  private Unary() {}

  /** Answers a call; a failure, also of the supplier, goes through {@link ErrorMapper}. */
  static <T> void answer(StreamObserver<T> observer, Supplier<CompletionStage<T>> work) {
    CompletionStage<T> stage;
    try {
      stage = work.get();
    } catch (RuntimeException e) {
      fail(observer, e);
      return;
    }
    stage.whenComplete((answer, failure) -> {
      if (failure != null) {
        fail(observer, failure);
      } else {
        observer.onNext(answer);
        observer.onCompleted();
      }
    });
  }

  /** Ends a call with an error. */
  static void fail(StreamObserver<?> observer, Throwable failure) {
    observer.onError(ErrorMapper.status(failure).asRuntimeException());
  }
}
