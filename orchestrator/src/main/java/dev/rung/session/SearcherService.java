package dev.rung.session;

import dev.rung.proto.v1.SearcherMessage;
import dev.rung.proto.v1.SearcherServiceGrpc;
import dev.rung.proto.v1.StudyMessage;
import dev.rung.study.StudyGateways;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Props;

/** The gRPC half of searcher sessions: gives every stream an actor and hands it what comes. */
public final class SearcherService extends SearcherServiceGrpc.SearcherServiceImplBase {
  /** Messages of a program that are on their way to its study and not answered. */
  private static final int CREDITS = 16;

  private final ActorSystem<?> system;
  private final String software;
  private final StudyFinder finder;
  private final StudyGateways.Entities entities;
  private final Set<ActorRef<SearcherSession.Command>> sessions = ConcurrentHashMap.newKeySet();

  /**
   * A service whose sessions speak for programs to these.
   *
   * @param software this server, for people
   */
  public SearcherService(
      ActorSystem<?> system, String software, StudyFinder finder, StudyGateways.Entities entities) {
    this.system = system;
    this.software = software;
    this.finder = finder;
    this.entities = entities;
  }

  @Override
  public StreamObserver<SearcherMessage> connect(StreamObserver<StudyMessage> responses) {
    var call = (ServerCallStreamObserver<StudyMessage>) responses;
    call.disableAutoRequest();
    ActorRef<SearcherSession.Command> session =
        system.systemActorOf(
            SearcherSession.create(new GrpcStream<>(call), software, finder, entities),
            "searcher-session-" + UUID.randomUUID(),
            Props.empty());
    sessions.add(session);
    call.setOnCancelHandler(() -> gone(session, "the stream was cut"));
    call.setOnCloseHandler(() -> sessions.remove(session));
    call.setOnReadyHandler(() -> session.tell(new SearcherSession.Writable()));
    call.request(CREDITS);
    return new StreamObserver<>() {
      @Override
      public void onNext(SearcherMessage message) {
        session.tell(new SearcherSession.FromProgram(message));
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

  /** Tells every program that the server goes away. */
  public void leave() {
    sessions.forEach(session -> session.tell(new SearcherSession.Leave()));
  }

  private void gone(ActorRef<SearcherSession.Command> session, String how) {
    sessions.remove(session);
    session.tell(new SearcherSession.ProgramGone(how));
  }
}
