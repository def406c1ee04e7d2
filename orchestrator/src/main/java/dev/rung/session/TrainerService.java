package dev.rung.session;

import dev.rung.fleet.Dispatcher;
import dev.rung.logs.LogWriter;
import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.SendLogsRequest;
import dev.rung.proto.v1.SendLogsResponse;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.proto.v1.TrainerServiceGrpc;
import dev.rung.study.StudyGateways;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;

/** The gRPC half of trainer sessions: their streams, and what trials print. */
public final class TrainerService extends TrainerServiceGrpc.TrainerServiceImplBase {
  private final SessionStreams<NodeMessage, ServerMessage, TrainerSession.Command> streams;
  private final SessionSettings settings;
  private final ActorRef<StudyGateways.Command> gateways;
  private final ActorRef<Dispatcher.Command> dispatcher;
  private final Rights rights;
  private final Supplier<Caller> callers;
  private final LogIntake logs;

  /**
   * A service whose sessions send to these.
   *
   * @param lostAfter how long a name of a node without a session stays its pool's: its attempts are
   *     given up then
   * @param callers who makes the call that begins on this thread
   * @param logs takes what trials say
   * @param blocking for what blocks on files
   */
  public TrainerService(
      ActorSystem<?> system,
      SessionSettings settings,
      ActorRef<StudyGateways.Command> gateways,
      ActorRef<Dispatcher.Command> dispatcher,
      Duration lostAfter,
      Supplier<Caller> callers,
      LogWriter logs,
      Executor blocking) {
    this.streams =
        new SessionStreams<>(
            system,
            "trainer-session",
            new SessionStreams.Words<>(
                TrainerSession.FromNode::new,
                new TrainerSession.Writable(),
                TrainerSession.NodeGone::new,
                new TrainerSession.Leave()));
    this.settings = settings;
    this.gateways = gateways;
    this.dispatcher = dispatcher;
    this.rights =
        new Rights(Caller.ANYBODY, new NodeNames(lostAfter, System::nanoTime), new LogRights());
    this.callers = callers;
    this.logs = new LogIntake(rights.logs(), logs, blocking);
  }

  @Override
  public StreamObserver<NodeMessage> connect(StreamObserver<ServerMessage> responses) {
    Rights own = rights.of(callers.get());
    return streams.open(
        responses, stream -> TrainerSession.create(stream, settings, gateways, dispatcher, own));
  }

  @Override
  public StreamObserver<SendLogsRequest> sendLogs(StreamObserver<SendLogsResponse> responses) {
    return logs.begin(responses, callers.get());
  }

  /** Tells every node that the server goes away. */
  public void leave() {
    streams.leave();
  }

  /** How many streams are open. */
  public int sessions() {
    return streams.count();
  }
}
