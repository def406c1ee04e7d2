package dev.rung.access;

import io.grpc.ForwardingServerCallListener.SimpleForwardingServerCallListener;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Ends calls that are begun and say nothing: each rpc of this server has something to say first,
 * and calls without a deadline would be open for as long as their connection.
 */
public final class FirstMessage implements ServerInterceptor {
  private final Duration patience;
  private final ScheduledExecutorService timer;

  /**
   * Waits for each call's first message.
   *
   * @param timer ends the calls
   */
  public FirstMessage(Duration patience, ScheduledExecutorService timer) {
    this.patience = patience;
    this.timer = timer;
  }

  @Override
  public <Q, S> ServerCall.Listener<Q> interceptCall(
      ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
    GuardedCall<Q, S> guarded = new GuardedCall<>(call);
    ServerCall.Listener<Q> listener = next.startCall(guarded, headers);
    Future<?> end =
        timer.schedule(
            () ->
                guarded.cut(
                    Status.DEADLINE_EXCEEDED.withDescription(
                        "expected a first message within %d s".formatted(patience.toSeconds()))),
            patience.toMillis(),
            TimeUnit.MILLISECONDS);
    return new SimpleForwardingServerCallListener<>(listener) {
      @Override
      public void onMessage(Q message) {
        end.cancel(false);
        if (!guarded.isCut()) {
          super.onMessage(message);
        }
      }

      @Override
      public void onHalfClose() {
        end.cancel(false);
        if (!guarded.isCut()) {
          super.onHalfClose();
        }
      }

      @Override
      public void onCancel() {
        end.cancel(false);
        super.onCancel();
      }

      @Override
      public void onComplete() {
        end.cancel(false);
        if (guarded.isCut()) {
          // To the service it is as if the caller had left.
          super.onCancel();
        } else {
          super.onComplete();
        }
      }
    };
  }
}
