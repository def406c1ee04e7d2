package dev.rung.app;

import dev.rung.proto.v1.SendLogsRequest;
import dev.rung.proto.v1.SendLogsResponse;
import dev.rung.proto.v1.TrainerServiceGrpc;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Parts of logs as nodes send them. */
final class LogCalls {
  private LogCalls() {}

  /** Sends messages in one call, and waits for the answer. */
  static SendLogsResponse send(Channel caller, SendLogsRequest... messages) throws Exception {
    CompletableFuture<SendLogsResponse> answer = new CompletableFuture<>();
    StreamObserver<SendLogsRequest> call =
        TrainerServiceGrpc.newStub(caller)
            .sendLogs(
                new StreamObserver<>() {
                  @Override
                  public void onNext(SendLogsResponse message) {
                    answer.complete(message);
                  }

                  @Override
                  public void onError(Throwable error) {
                    answer.completeExceptionally(error);
                  }

                  @Override
                  public void onCompleted() {
                    // The answer has come.
                  }
                });
    for (SendLogsRequest message : messages) {
      call.onNext(message);
    }
    call.onCompleted();
    return answer.get(20, TimeUnit.SECONDS);
  }
}
