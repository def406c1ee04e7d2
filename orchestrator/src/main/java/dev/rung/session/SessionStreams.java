package dev.rung.session;

import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.Props;

/**
 * The open streams of a service: each has an actor, which is handed what comes.
 *
 * @param <I> what peers say
 * @param <O> what peers are told
 * @param <C> what the actors take
 */
final class SessionStreams<I, O, C> {
  /** Messages of a peer that may be on their way to its actor and not taken. */
  private static final int CREDITS = 16;

  /**
   * How an actor is told what happens to its stream.
   *
   * @param said the peer sent a message
   * @param writable the stream takes more
   * @param gone the stream has ended, and how
   * @param leave the server goes away
   */
  record Words<I, C>(Function<I, C> said, C writable, Function<String, C> gone, C leave) {}

  private final ActorSystem<?> system;
  private final String name;
  private final Words<I, C> words;
  private final Set<ActorRef<C>> sessions = ConcurrentHashMap.newKeySet();

  /**
   * No stream yet.
   *
   * @param name what the names of the actors begin with
   */
  SessionStreams(ActorSystem<?> system, String name, Words<I, C> words) {
    this.system = system;
    this.name = name;
    this.words = words;
  }

  /** Begins a stream whose actor behaves like this. */
  StreamObserver<I> open(
      StreamObserver<O> responses, Function<PeerStream<O>, Behavior<C>> behavior) {
    var call = (ServerCallStreamObserver<O>) responses;
    call.disableAutoRequest();
    ActorRef<C> session =
        system.systemActorOf(
            behavior.apply(new GrpcStream<>(call)), name + "-" + UUID.randomUUID(), Props.empty());
    sessions.add(session);
    call.setOnCancelHandler(() -> gone(session, "the stream was cut"));
    call.setOnCloseHandler(() -> sessions.remove(session));
    call.setOnReadyHandler(() -> session.tell(words.writable()));
    call.request(CREDITS);
    return new StreamObserver<>() {
      @Override
      public void onNext(I message) {
        session.tell(words.said().apply(message));
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

  /** Tells every actor that the server goes away. */
  void leave() {
    sessions.forEach(session -> session.tell(words.leave()));
  }

  /** How many streams are open. */
  int count() {
    return sessions.size();
  }

  private void gone(ActorRef<C> session, String how) {
    sessions.remove(session);
    session.tell(words.gone().apply(how));
  }
}
