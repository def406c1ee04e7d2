package dev.rung.api;

import dev.rung.proto.v1.AskRequest;
import dev.rung.proto.v1.AskResponse;
import dev.rung.proto.v1.TellRequest;
import dev.rung.proto.v1.TellResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** Loops that are answered what a test says. */
public final class FakeLoops implements Loops {
  /** How long each ask was to wait. */
  public final List<Duration> lingers = new CopyOnWriteArrayList<>();

  public volatile AskResponse asked = AskResponse.getDefaultInstance();
  public volatile CompletionStage<TellResponse> told =
      CompletableFuture.completedFuture(TellResponse.getDefaultInstance());

  @Override
  public CompletionStage<AskResponse> ask(String study, AskRequest request, Duration linger) {
    lingers.add(linger);
    return CompletableFuture.completedFuture(asked);
  }

  @Override
  public CompletionStage<TellResponse> tell(String study, TellRequest request) {
    return told;
  }
}
