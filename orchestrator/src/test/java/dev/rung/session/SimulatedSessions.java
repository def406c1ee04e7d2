package dev.rung.session;

import dev.rung.fleet.Dispatcher;
import dev.rung.proto.v1.Entries;
import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.study.Entry;
import dev.rung.study.StudyGateways;
import dev.rung.study.ToSession;
import io.grpc.Status;
import java.util.List;
import java.util.function.LongSupplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.BehaviorInterceptor;
import org.apache.pekko.actor.typed.TypedActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;

/** Sessions whose streams, clock and way from studies are a simulation's. */
public final class SimulatedSessions {
  private SimulatedSessions() {}

  /** What a simulation does for a session. */
  public interface Peer {
    /** A message goes out to the node. */
    void send(ServerMessage message);

    /** Whether one would go out at once. */
    boolean isReady();

    /** The session ends the stream. */
    void close(Status status);

    /** Whether a message from elsewhere in the cluster reaches the session. */
    boolean arrives();
  }

  /** The actor of a session. */
  public static Behavior<TrainerSession.Command> create(
      Peer peer,
      SessionSettings settings,
      ActorRef<StudyGateways.Command> gateways,
      ActorRef<Dispatcher.Command> dispatcher,
      String epoch,
      LongSupplier nanoTime) {
    PeerStream<ServerMessage> stream =
        new PeerStream<ServerMessage>() {
          @Override
          public void send(ServerMessage message) {
            peer.send(message);
          }

          @Override
          public boolean isReady() {
            return peer.isReady();
          }

          @Override
          public void request() {
            // The simulation says something whenever it likes.
          }

          @Override
          public void close(Status status) {
            peer.close(status);
          }
        };
    return Behaviors.intercept(
        () -> new Unreliable(peer),
        TrainerSession.create(
            stream, settings, gateways, dispatcher, Rights.alone(), epoch, nanoTime));
  }

  /** Hands a session what its node said. */
  public static void say(ActorRef<TrainerSession.Command> session, NodeMessage message) {
    session.tell(new TrainerSession.FromNode(message));
  }

  /** Entries as a session reads them. */
  public static List<Entry> read(Entries message, SessionSettings settings) {
    AttemptKey key = AttemptKey.of(message.getAttempt());
    CheckpointPlaces places = CheckpointPlaces.of("node", "", settings.checkpoints());
    return new EntryReader().read(message, places.of(key));
  }

  /** Tells a session that its node is gone. */
  public static void gone(ActorRef<TrainerSession.Command> session, String how) {
    session.tell(new TrainerSession.NodeGone(how));
  }

  /** Tells a session that its stream takes more. */
  public static void writable(ActorRef<TrainerSession.Command> session) {
    session.tell(new TrainerSession.Writable());
  }

  /** What studies and the dispatcher say by themselves may get lost. */
  private static final class Unreliable
      extends BehaviorInterceptor<TrainerSession.Command, TrainerSession.Command> {
    private final Peer peer;

    Unreliable(Peer peer) {
      super(TrainerSession.Command.class);
      this.peer = peer;
    }

    @Override
    public Behavior<TrainerSession.Command> aroundReceive(
        TypedActorContext<TrainerSession.Command> context,
        TrainerSession.Command message,
        ReceiveTarget<TrainerSession.Command> target) {
      return isRemote(message) && !peer.arrives()
          ? Behaviors.same()
          : target.apply(context, message);
    }

    private static boolean isRemote(TrainerSession.Command message) {
      return switch (message) {
        case TrainerSession.FromDispatcher m -> true;
        case TrainerSession.FromStudy(ToSession said) -> !(said instanceof ToSession.Answer);
        case TrainerSession.Command other -> false;
      };
    }
  }
}
