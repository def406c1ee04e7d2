package dev.rung.app;

import dev.rung.api.ApiException;
import dev.rung.api.Loops;
import dev.rung.proto.v1.AskRequest;
import dev.rung.proto.v1.AskResponse;
import dev.rung.proto.v1.TellRequest;
import dev.rung.proto.v1.TellResponse;
import dev.rung.session.LoopAnswer;
import dev.rung.session.LoopService;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/** Reaches loops through their sessions. */
record ActorLoops(LoopService service) implements Loops {

  @Override
  public CompletionStage<AskResponse> ask(String study, AskRequest request, Duration linger) {
    return service
        .ask(study, request, linger)
        .thenApply(answer ->
            switch (answer) {
              case LoopAnswer.Asked(AskResponse response) -> response;
              case LoopAnswer.Told told -> throw unexpected(told);
              case LoopAnswer.Rejected rejected -> throw failure(rejected);
              case LoopAnswer.Refused(var status) -> throw status.asRuntimeException();
            });
  }

  @Override
  public CompletionStage<TellResponse> tell(String study, TellRequest request) {
    return service
        .tell(study, request)
        .thenApply(answer ->
            switch (answer) {
              case LoopAnswer.Told(TellResponse response) -> response;
              case LoopAnswer.Asked asked -> throw unexpected(asked);
              case LoopAnswer.Rejected rejected -> throw failure(rejected);
              case LoopAnswer.Refused(var status) -> throw status.asRuntimeException();
            });
  }

  private static ApiException failure(LoopAnswer.Rejected rejected) {
    return new ApiException(rejected.reply().code(), rejected.reply().message());
  }

  private static IllegalStateException unexpected(LoopAnswer answer) {
    return new IllegalStateException("expected the answer of another call, but came " + answer);
  }
}
