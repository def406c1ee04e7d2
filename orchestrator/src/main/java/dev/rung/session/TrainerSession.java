package dev.rung.session;

import dev.rung.fleet.Dispatcher;
import dev.rung.fleet.ToFleetSession;
import dev.rung.proto.v1.Hello;
import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.study.StudyGateways;
import dev.rung.study.ToSession;
import io.grpc.Status;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.AbstractBehavior;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.Receive;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.jspecify.annotations.Nullable;

/**
 * One stream of one node. It never stops reading: what is on its way to a study is bounded by the
 * window, and a node that breaks the window is closed.
 */
public final class TrainerSession extends AbstractBehavior<TrainerSession.Command> {
  private static final Duration LOOK = Duration.ofSeconds(2);

  /** Without a look for so long the whole server stood still. */
  private static final Duration STOOD_STILL = LOOK.multipliedBy(2);

  /** What a session understands. */
  public sealed interface Command {}

  /** The node said something. */
  record FromNode(NodeMessage message) implements Command {}

  /** The node's half of the stream ended. */
  record NodeGone(String how) implements Command {}

  /** A study said something. */
  record FromStudy(ToSession message) implements Command {}

  /** The dispatcher said something. */
  record FromDispatcher(ToFleetSession message) implements Command {}

  private record Look() implements Command {}

  /** The stream takes more. */
  record Writable() implements Command {}

  /** Ends the session, since the server goes away. */
  public record Leave() implements Command {}

  /** What there is once the node has said Hello. */
  private record Greeted(String node, Offers offers, NodeAttempts attempts) {}

  private final PeerStream<ServerMessage> stream;
  private final Outbox outbox;
  private final SessionSettings settings;
  private final ActorRef<StudyGateways.Command> gateways;
  private final ActorRef<Dispatcher.Command> dispatcher;
  private final ActorRef<ToSession> fromStudy;
  private final ActorRef<ToSession.Answer> answers;
  private final ActorRef<ToFleetSession> fromDispatcher;
  private final Rights rights;
  private final String epoch;
  private final LongSupplier nanoTime;
  private @Nullable Greeted greeted;
  private long lastHeard;
  private long lastLooked;

  private TrainerSession(
      ActorContext<Command> context,
      TimerScheduler<Command> timers,
      PeerStream<ServerMessage> stream,
      SessionSettings settings,
      ActorRef<StudyGateways.Command> gateways,
      ActorRef<Dispatcher.Command> dispatcher,
      Rights rights,
      String epoch,
      LongSupplier nanoTime) {
    super(context);
    this.stream = stream;
    this.outbox = new Outbox(stream);
    this.settings = settings;
    this.gateways = gateways;
    this.dispatcher = dispatcher;
    this.rights = rights;
    this.epoch = epoch;
    this.nanoTime = nanoTime;
    this.lastHeard = nanoTime.getAsLong();
    this.lastLooked = lastHeard;
    this.fromStudy = context.messageAdapter(ToSession.class, FromStudy::new);
    this.answers = context.messageAdapter(ToSession.Answer.class, FromStudy::new);
    this.fromDispatcher = context.messageAdapter(ToFleetSession.class, FromDispatcher::new);
    timers.startTimerWithFixedDelay("look", new Look(), LOOK);
  }

  static Behavior<Command> create(
      PeerStream<ServerMessage> stream,
      SessionSettings settings,
      ActorRef<StudyGateways.Command> gateways,
      ActorRef<Dispatcher.Command> dispatcher,
      Rights rights) {
    return create(
        stream,
        settings,
        gateways,
        dispatcher,
        rights,
        UUID.randomUUID().toString(),
        System::nanoTime);
  }

  /**
   * The actor with another epoch and another monotonic clock.
   *
   * @param epoch no two sessions share one
   */
  static Behavior<Command> create(
      PeerStream<ServerMessage> stream,
      SessionSettings settings,
      ActorRef<StudyGateways.Command> gateways,
      ActorRef<Dispatcher.Command> dispatcher,
      Rights rights,
      String epoch,
      LongSupplier nanoTime) {
    return Behaviors.setup(context ->
        Behaviors.withTimers(timers ->
            new TrainerSession(
                context, timers, stream, settings, gateways, dispatcher, rights, epoch, nanoTime)));
  }

  @Override
  public Receive<Command> createReceive() {
    return newReceiveBuilder()
        .onMessage(Command.class, this::on)
        .onSignal(PostStop.class, signal -> stopped())
        .build();
  }

  private Behavior<Command> on(Command command) {
    try {
      return switch (command) {
        case FromNode(NodeMessage message) -> hear(message);
        case NodeGone(String how) -> gone(how);
        case FromStudy(ToSession message) -> {
          if (greeted != null) {
            greeted.attempts().hear(message);
          }
          yield this;
        }
        case FromDispatcher(ToFleetSession message) -> fromDispatcher(message);
        case Look look -> look();
        case Writable writable -> {
          outbox.flush();
          yield this;
        }
        case Leave leave -> close(Status.UNAVAILABLE.withDescription("the server is going away"));
      };
    } catch (ProtocolException e) {
      return close(e.status());
    }
  }

  private Behavior<Command> hear(NodeMessage message) {
    lastHeard = nanoTime.getAsLong();
    stream.request();
    Greeted node = greeted;
    if (node == null) {
      return greet(message);
    }
    switch (message.getMCase()) {
      case ENTRIES -> node.attempts().take(message.getEntries());
      case ACCEPTED -> node.attempts().accepted(message.getAccepted().getAttempt());
      case REFUSED -> node.attempts().refused(message.getRefused());
      // A sign of life, which is noted above, and perhaps more.
      case HEARTBEAT -> node.offers().read(message.getHeartbeat().getGpusList());
      case DRAINING -> {
        getContext().getLog().info("node {} drains", name());
        node.offers().drain();
      }
      case HELLO -> throw new ProtocolException("expected one Hello, but came a second");
      case M_NOT_SET -> throw new ProtocolException("expected a message, but came an empty one");
    }
    return this;
  }

  private Behavior<Command> greet(NodeMessage message) {
    if (!message.hasHello()) {
      throw new ProtocolException("expected Hello first, but came " + message.getMCase());
    }
    Hello hello = message.getHello();
    HelloReader.check(hello);
    rights.names().claim(rights.caller(), hello.getNode(), hello.getPool(), epoch);
    Map<AttemptKey, Integer> running = HelloReader.running(hello);
    Offers offers =
        new Offers(
            hello, epoch, settings.offerTimeout(), dispatcher, fromDispatcher, fromStudy, nanoTime);
    NodeAttempts attempts =
        new NodeAttempts(
            CheckpointPlaces.of(hello.getNode(), hello.getCheckpoints(), settings.checkpoints()),
            hello.getIncarnation(),
            epoch,
            settings,
            stream,
            outbox,
            offers,
            running,
            rights.logs(),
            (study, command) ->
                gateways.tell(new StudyGateways.Submit(study, command, fromStudy, answers)));
    greeted = new Greeted(hello.getNode(), offers, attempts);
    rights.logs().open(epoch, rights.caller());
    stream.send(ServerMessage.newBuilder().setWelcome(WireWriter.welcome(settings, epoch)).build());
    getContext()
        .getLog()
        .info(
            "node {} joined with {} slots for {}", name(), hello.getSlots(), hello.getKindsList());
    offers.register();
    attempts.attach();
    offers.offer();
    return this;
  }

  private Behavior<Command> fromDispatcher(ToFleetSession message) {
    Greeted node = greeted;
    if (node == null) {
      return this;
    }
    switch (message) {
      case ToFleetSession.Introduce(String study) -> node.attempts().meet(study);
      case ToFleetSession.Declined(var slot) -> node.offers().declined(slot);
      case ToFleetSession.Drain drain -> {
        getContext().getLog().info("node {} is to drain: {}", name(), drain.reason());
        node.offers().drain();
        stream.send(ServerMessage.newBuilder().setDrain(WireWriter.drain(drain)).build());
      }
      case ToFleetSession.Superseded superseded -> {
        return close(
            Status.ABORTED.withDescription("a newer session of node " + name() + " took over"));
      }
    }
    return this;
  }

  private Behavior<Command> look() {
    long now = nanoTime.getAsLong();
    if (now - lastLooked > STOOD_STILL.toNanos()) {
      // What the node said meanwhile is still to be read.
      lastHeard = now;
    }
    lastLooked = now;
    Duration silence = Duration.ofNanos(now - lastHeard);
    if (silence.compareTo(settings.heartbeat().multipliedBy(3)) > 0) {
      return close(
          Status.UNAVAILABLE.withDescription(
              "node %s was silent for %d s".formatted(name(), silence.toSeconds())));
    }
    if (greeted != null) {
      greeted.offers().sayAgain();
    }
    return this;
  }

  private Behavior<Command> gone(String how) {
    getContext().getLog().info("node {} left: {}", name(), how);
    stream.close(Status.OK);
    return Behaviors.stopped();
  }

  private Behavior<Command> close(Status status) {
    getContext().getLog().info("session of node {} ends: {}", name(), status.getDescription());
    stream.close(status);
    return Behaviors.stopped();
  }

  /** However the session ended: a stream that nobody reads would keep its node waiting for ever. */
  private Behavior<Command> stopped() {
    rights.logs().close(epoch);
    if (greeted != null) {
      rights.names().release(greeted.node(), epoch);
    }
    stream.close(Status.UNAVAILABLE.withDescription("the session ended"));
    return this;
  }

  private String name() {
    return greeted == null ? "(unknown)" : greeted.node();
  }
}
