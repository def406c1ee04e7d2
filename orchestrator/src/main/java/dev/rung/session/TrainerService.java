package dev.rung.session;

import dev.rung.fleet.Dispatcher;
import dev.rung.logs.LogWriter;
import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.SendLogsRequest;
import dev.rung.proto.v1.SendLogsResponse;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.proto.v1.TrainerServiceGrpc;
import dev.rung.study.StudyGateways;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;

/** The gRPC half of trainer sessions: gives every stream an actor and hands it what comes. */
public final class TrainerService extends TrainerServiceGrpc.TrainerServiceImplBase {
  /** Messages of a node that may be on their way to its actor. */
  private static final int CREDITS = 16;

  private final ActorSystem<?> system;
  private final SessionSettings settings;
  private final ActorRef<StudyGateways.Command> gateways;
  private final ActorRef<Dispatcher.Command> dispatcher;
  private final LogRights rights = new LogRights();
  private final LogIntake logs;
  private final Set<ActorRef<TrainerSession.Command>> sessions = ConcurrentHashMap.newKeySet();

  /**
   * A service whose sessions send to these.
   *
   * @param logs takes what trials say
   * @param blocking for what blocks on files
   */
  public TrainerService(
      ActorSystem<?> system,
      SessionSettings settings,
      ActorRef<StudyGateways.Command> gateways,
      ActorRef<Dispatcher.Command> dispatcher,
      LogWriter logs,
      Executor blocking) {
    this.system = system;
    this.settings = settings;
    this.gateways = gateways;
    this.dispatcher = dispatcher;
    this.logs = new LogIntake(rights, logs, blocking);
  }

  @Override
  public StreamObserver<NodeMessage> connect(StreamObserver<ServerMessage> responses) {
    var call = (ServerCallStreamObserver<ServerMessage>) responses;
    call.disableAutoRequest();
    ActorRef<TrainerSession.Command> session =
        system.systemActorOf(
            TrainerSession.create(new GrpcStream<>(call), settings, gateways, dispatcher, rights),
            "trainer-session-" + UUID.randomUUID(),
            Props.empty());
    sessions.add(session);
    call.setOnCancelHandler(() -> gone(session, "the stream was cut"));
    call.setOnCloseHandler(() -> sessions.remove(session));
    call.setOnReadyHandler(() -> session.tell(new TrainerSession.Writable()));
    call.request(CREDITS);
    return new StreamObserver<>() {
      @Override
      public void onNext(NodeMessage message) {
        session.tell(new TrainerSession.FromNode(message));
      }

      @Override
      public void onError(Throwable error) {
        gone(session, "the stream was cut");
      }

      @Override
      public void onCompleted() {
        gone(session, "it closed the stream");
      }
    };
  }

  @Override
  public StreamObserver<SendLogsRequest> sendLogs(StreamObserver<SendLogsResponse> responses) {
    return logs.begin(responses);
  }

  /** Tells every node that the server goes away. */
  public void leave() {
    sessions.forEach(session -> session.tell(new TrainerSession.Leave()));
  }

  /** How many streams are open. */
  int sessions() {
    return sessions.size();
  }

  private void gone(ActorRef<TrainerSession.Command> session, String how) {
    sessions.remove(session);
    session.tell(new TrainerSession.NodeGone(how));
  }
}
