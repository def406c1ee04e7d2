package dev.rung.session;

import dev.rung.proto.v1.SearcherMessage;
import dev.rung.proto.v1.SearcherServiceGrpc;
import dev.rung.proto.v1.StudyMessage;
import dev.rung.study.StudyGateways;
import io.grpc.stub.StreamObserver;
import org.apache.pekko.actor.typed.ActorSystem;

/** The gRPC half of searcher sessions. */
public final class SearcherService extends SearcherServiceGrpc.SearcherServiceImplBase {
  private final SessionStreams<SearcherMessage, StudyMessage, SearcherSession.Command> streams;
  private final String software;
  private final StudyFinder finder;
  private final StudyGateways.Entities entities;

  /**
   * A service whose sessions speak for programs to these.
   *
   * @param software this server, for people
   */
  public SearcherService(
      ActorSystem<?> system, String software, StudyFinder finder, StudyGateways.Entities entities) {
    this.streams =
        new SessionStreams<>(
            system,
            "searcher-session",
            new SessionStreams.Words<>(
                SearcherSession.FromProgram::new,
                new SearcherSession.Writable(),
                SearcherSession.ProgramGone::new,
                new SearcherSession.Leave()));
    this.software = software;
    this.finder = finder;
    this.entities = entities;
  }

  @Override
  public StreamObserver<SearcherMessage> connect(StreamObserver<StudyMessage> responses) {
    return streams.open(
        responses, stream -> SearcherSession.create(stream, software, finder, entities));
  }

  /** Tells every program that the server goes away. */
  public void leave() {
    streams.leave();
  }

  /** How many streams are open. */
  public int sessions() {
    return streams.count();
  }
}
