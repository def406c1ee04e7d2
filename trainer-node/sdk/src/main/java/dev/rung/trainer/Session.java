package dev.rung.trainer;

import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.proto.v1.TrainerServiceGrpc;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream to the server, on a channel of its own. Written to from the node's one sending thread.
 */
final class Session implements ClientResponseObserver<NodeMessage, ServerMessage> {

  /** Whoever owns the stream. Called from the transport's threads. */
  interface Listener {
    void received(Session session, ServerMessage message);

    void lost(Session session, Status status);

    void writable();
  }

  private static final Logger log = LoggerFactory.getLogger(Session.class);

  private final Listener listener;
  private final ManagedChannel channel;
  private volatile @Nullable ClientCallStreamObserver<NodeMessage> call;

  Session(Listener listener, ManagedChannel channel) {
    this.listener = listener;
    this.channel = channel;
  }

  /** Dials and says the first message. */
  void open(NodeMessage hello) {
    // The answer is the observer that beforeStart was given.
    var unused = TrainerServiceGrpc.newStub(channel).connect(this);
    send(hello);
  }

  /** The connection, for calls beside the stream. */
  Channel channel() {
    return channel;
  }

  /** Whether a message may be sent without piling up in memory. */
  boolean isReady() {
    ClientCallStreamObserver<NodeMessage> stream = call;
    return stream != null && stream.isReady();
  }

  /** Sends a message; on a stream that is lost it goes nowhere. */
  void send(NodeMessage message) {
    ClientCallStreamObserver<NodeMessage> stream = call;
    if (stream != null) {
      try {
        stream.onNext(message);
      } catch (RuntimeException e) {
        stream.cancel("the message could not be sent", e);
      }
    }
  }

  /** Ends the stream in order, lets what was sent arrive, then gives the connection up. */
  void complete(long patienceMillis) {
    ClientCallStreamObserver<NodeMessage> stream = call;
    if (stream != null) {
      try {
        stream.onCompleted();
      } catch (IllegalStateException e) {
        log.debug("the stream was given up before it could be completed", e);
      }
    }
    channel.shutdown();
    try {
      boolean unused = channel.awaitTermination(patienceMillis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    dispose();
  }

  /** Gives the stream and its connection up. */
  void dispose() {
    var unused = channel.shutdownNow();
  }

  @Override
  public void beforeStart(ClientCallStreamObserver<NodeMessage> stream) {
    call = stream;
    stream.setOnReadyHandler(listener::writable);
  }

  @Override
  public void onNext(ServerMessage message) {
    listener.received(this, message);
  }

  @Override
  public void onError(Throwable error) {
    listener.lost(this, Status.fromThrowable(error));
  }

  @Override
  public void onCompleted() {
    listener.lost(this, Status.UNAVAILABLE.withDescription("the server ended the stream"));
  }
}
