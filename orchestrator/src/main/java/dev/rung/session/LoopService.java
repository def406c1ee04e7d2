package dev.rung.session;

import dev.rung.proto.v1.AskRequest;
import dev.rung.proto.v1.TellRequest;
import dev.rung.study.StudyGateways;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;
import org.apache.pekko.actor.typed.javadsl.AskPattern;

/** The way to the sessions of loops that are their own trainers. */
public final class LoopService {
  /** How long a study may take to answer, beyond what a loop wants to wait. */
  private static final Duration TIMEOUT = Duration.ofSeconds(15);

  private final ActorSystem<?> system;
  private final String checkpoints;
  private final ActorRef<LoopSessions.Command> sessions;

  /**
   * A service whose sessions send to these.
   *
   * @param lostAfter how long a loop may say nothing
   */
  public LoopService(
      ActorSystem<?> system,
      SessionSettings settings,
      ActorRef<StudyGateways.Command> gateways,
      Duration lostAfter) {
    this.system = system;
    this.checkpoints = settings.checkpoints();
    this.sessions =
        system.systemActorOf(
            LoopSessions.create(settings, gateways, lostAfter, System::nanoTime),
            "loop-sessions",
            Props.empty());
  }

  /**
   * A loop asks for a trial. The stage fails where the study does not answer in time.
   *
   * @param study id of the study that is meant
   * @param linger longest wait for one
   */
  public CompletionStage<LoopAnswer> ask(String study, AskRequest request, Duration linger) {
    return checked(() -> {
      LoopKey key = new LoopKey(study, LoopReader.client(request.getClient()));
      LoopReader.Asked asked = LoopReader.asked(study, request);
      return call(key, replyTo -> new LoopSession.Ask(asked, linger, replyTo), linger);
    });
  }

  /**
   * A loop tells what it has done. The stage fails where the study does not answer in time.
   *
   * @param study id of the study that is meant
   */
  public CompletionStage<LoopAnswer> tell(String study, TellRequest request) {
    return checked(() -> {
      LoopKey key = new LoopKey(study, LoopReader.client(request.getClient()));
      LoopReader.Told told = LoopReader.told(study, request, checkpoints);
      return call(key, replyTo -> new LoopSession.Tell(told, replyTo), Duration.ZERO);
    });
  }

  private CompletionStage<LoopAnswer> call(
      LoopKey key, Function<ActorRef<LoopAnswer>, LoopSession.Call> call, Duration linger) {
    return AskPattern.ask(
        sessions,
        replyTo -> new LoopSessions.Hand(key, call.apply(replyTo)),
        TIMEOUT.plus(linger),
        system.scheduler());
  }

  private static CompletionStage<LoopAnswer> checked(Supplier<CompletionStage<LoopAnswer>> call) {
    try {
      return call.get();
    } catch (ProtocolException e) {
      return CompletableFuture.completedFuture(new LoopAnswer.Refused(e.status()));
    }
  }
}
