package dev.rung.session;

import dev.rung.study.StudyGateways;
import io.grpc.Status;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;

/** One a server: hands each call of a loop to the session of that loop. */
final class LoopSessions extends AbstractBehavior<LoopSessions.Command> {
  /** Loops of a server that have called lately. */
  static final int MOST = 10_000;

  /** What it understands. */
  sealed interface Command {}

  /** A loop calls. */
  record Hand(LoopKey key, LoopSession.Call call) implements Command {}

  /**
   * A loop has not called for a while.
   *
   * @param calls that its session was ever given
   */
  record Idle(LoopKey key, long calls) implements Command {}

  private record Ended(LoopKey key, ActorRef<LoopSession.Command> session) implements Command {}

  /** A session and how many calls it was given. */
  private static final class Known {
    final ActorRef<LoopSession.Command> session;
    long given;

    Known(ActorRef<LoopSession.Command> session) {
      this.session = session;
    }
  }

  private final SessionSettings settings;
  private final ActorRef<StudyGateways.Command> gateways;
  private final Duration lostAfter;
  private final LongSupplier nanoTime;
  private final Map<LoopKey, Known> sessions = new HashMap<>();

  private LoopSessions(
      ActorContext<Command> context,
      SessionSettings settings,
      ActorRef<StudyGateways.Command> gateways,
      Duration lostAfter,
      LongSupplier nanoTime) {
    super(context);
    this.settings = settings;
    this.gateways = gateways;
    this.lostAfter = lostAfter;
    this.nanoTime = nanoTime;
  }

  /**
   * The actor.
   *
   * @param lostAfter how long a loop may say nothing; its session is kept for as long
   */
  static Behavior<Command> create(
      SessionSettings settings,
      ActorRef<StudyGateways.Command> gateways,
      Duration lostAfter,
      LongSupplier nanoTime) {
    return Behaviors.setup(
        context -> new LoopSessions(context, settings, gateways, lostAfter, nanoTime));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder().onMessage(Command.class, this::on).build();
  }

  private Behavior<Command> on(Command command) {
    switch (command) {
      case Hand(LoopKey key, LoopSession.Call call) -> {
        if (sessions.size() >= MOST && !sessions.containsKey(key)) {
          call.replyTo()
              .tell(
                  new LoopAnswer.Refused(
                      Status.UNAVAILABLE.withDescription(
                          "expected at most %,d loops, but came more".formatted(MOST))));
        } else {
          Known known = known(key);
          known.given++;
          known.session.tell(call);
        }
      }
      case Idle(LoopKey key, long calls) -> {
        // With a call on its way to it a session stays.
        Known known = sessions.get(key);
        if (known != null && known.given == calls) {
          sessions.remove(key);
          known.session.tell(new LoopSession.Finish());
        }
      }
      case Ended(LoopKey key, var session) -> {
        Known known = sessions.get(key);
        if (known != null && known.session.equals(session)) {
          sessions.remove(key);
        }
      }
    }
    return this;
  }

  private Known known(LoopKey key) {
    return sessions.computeIfAbsent(
        key,
        loop -> {
          ActorRef<LoopSession.Command> session =
              getContext()
                  .spawnAnonymous(
                      LoopSession.create(
                          loop, settings, gateways, getContext().getSelf(), lostAfter, nanoTime));
          getContext().watchWith(session, new Ended(loop, session));
          return new Known(session);
        });
  }
}
