package dev.rung.benchmarks;

import dev.rung.proto.v1.Ack;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Directive;
import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.Entries;
import dev.rung.proto.v1.Entry;
import dev.rung.proto.v1.Hello;
import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.Point;
import dev.rung.proto.v1.Run;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.proto.v1.TrainerServiceGrpc;
import dev.rung.proto.v1.Welcome;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import org.jspecify.annotations.Nullable;

/**
 * A node that speaks the protocol by hand and trains nothing, on a connection of its own. It costs
 * as little as can be, since it runs on the cores of the server that it measures. All that it hears
 * comes on one thread, the connection's.
 */
abstract class WireNode
    implements ClientResponseObserver<NodeMessage, ServerMessage>, AutoCloseable {
  static final String METRIC = "score";

  private final String name;
  private final int slots;
  private final ManagedChannel channel;
  private @Nullable ClientCallStreamObserver<NodeMessage> stream;
  private volatile @Nullable Throwable failure;
  private volatile boolean closing;

  WireNode(int port, String name, int slots) {
    this(Link.plain(port), name, slots);
  }

  WireNode(Link link, String name, int slots) {
    this(link.trainer(), name, slots);
  }

  WireNode(NettyChannelBuilder channel, String name, int slots) {
    this.name = name;
    this.slots = slots;
    this.channel = channel.directExecutor().build();
  }

  /** Dials, and says Hello. */
  final void connect() {
    TrainerServiceGrpc.newStub(channel).connect(this);
    send(NodeMessage.newBuilder().setHello(hello()).build());
  }

  /** What the node says first. */
  Hello.Builder hello() {
    return Hello.newBuilder()
        .setProtocol(1)
        .setNode(name)
        .setIncarnation(1)
        .setConnection(1)
        .setSlots(slots)
        .addKinds("benchmark");
  }

  /** The server takes the node in. */
  void welcomed(Welcome welcome) {
    // What it asks for is known.
  }

  /** The stream has ended, and not since it was cut here. */
  void lost(Throwable error) {
    // The check tells.
  }

  /** The server gives the node an attempt. */
  abstract void run(Run run);

  /** A prefix of an attempt's log is durable. */
  abstract void acknowledged(Ack ack);

  /** The server tells an attempt what to do. */
  abstract void directed(Directive directive);

  /** The stream takes messages again. */
  abstract void ready();

  /** Whether a message would go out at once. */
  final boolean isReady() {
    return stream().isReady();
  }

  final void send(NodeMessage message) {
    synchronized (this) {
      stream().onNext(message);
    }
  }

  /** Ends the node's half of the stream in order. */
  final void complete() {
    closing = true;
    synchronized (this) {
      stream().onCompleted();
    }
    channel.shutdown();
  }

  final void send(Entries.Builder entries) {
    send(NodeMessage.newBuilder().setEntries(entries).build());
  }

  /**
   * The node's stream has not broken.
   *
   * @throws IllegalStateException it has
   */
  final void check() {
    if (failure != null) {
      throw new IllegalStateException("expected node " + name + " to stay connected", failure);
    }
  }

  static Entry point(long step, double value) {
    return Entry.newBuilder()
        .setPoint(Point.newBuilder().setStep(step).putMetrics(METRIC, value))
        .build();
  }

  static Entry ended(Cause cause) {
    return Entry.newBuilder().setEnded(Ended.newBuilder().setCause(cause)).build();
  }

  static Entries.Builder entries(AttemptRef attempt, long firstSeq) {
    return Entries.newBuilder().setAttempt(attempt).setFirstSeq(firstSeq);
  }

  @Override
  public final void beforeStart(ClientCallStreamObserver<NodeMessage> requests) {
    stream = requests;
    requests.setOnReadyHandler(this::ready);
  }

  @Override
  public final void onNext(ServerMessage message) {
    switch (message.getMCase()) {
      case RUN -> run(message.getRun());
      case ACK -> acknowledged(message.getAck());
      case DIRECTIVE -> directed(message.getDirective());
      case WELCOME -> welcomed(message.getWelcome());
      case DRAIN, DROP, M_NOT_SET -> {
        // Nothing to do for a node that keeps no files.
      }
    }
  }

  @Override
  public final void onError(Throwable error) {
    if (!closing) {
      failure = error;
      lost(error);
    }
  }

  @Override
  public final void onCompleted() {
    onError(new IllegalStateException("the server closed the stream"));
  }

  /** Cuts the connection. */
  @Override
  public void close() {
    closing = true;
    channel.shutdownNow();
  }

  private ClientCallStreamObserver<NodeMessage> stream() {
    if (stream == null) {
      throw new IllegalStateException("expected a node that has dialled");
    }
    return stream;
  }
}
