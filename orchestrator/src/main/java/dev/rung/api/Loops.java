package dev.rung.api;

import dev.rung.proto.v1.AskRequest;
import dev.rung.proto.v1.AskResponse;
import dev.rung.proto.v1.TellRequest;
import dev.rung.proto.v1.TellResponse;
import java.time.Duration;
import java.util.concurrent.CompletionStage;

/**
 * The way to loops that are their own trainers. A stage fails with what the loop is to be told, or
 * where the study does not answer in time.
 */
public interface Loops {

  /**
   * A loop asks for a trial. The answer is without one of those of its oneof where there is none.
   *
   * @param study id of the study that is meant
   * @param linger longest wait for one
   */
  CompletionStage<AskResponse> ask(String study, AskRequest request, Duration linger);

  /**
   * A loop tells what it has done.
   *
   * @param study id of the study that is meant
   */
  CompletionStage<TellResponse> tell(String study, TellRequest request);
}
