package dev.rung.trainer;

import dev.rung.proto.v1.Ack;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Checkpoint;
import dev.rung.proto.v1.Continue;
import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.Entries;
import dev.rung.proto.v1.Entry;
import dev.rung.proto.v1.Fenced;
import dev.rung.proto.v1.Heartbeat;
import dev.rung.proto.v1.Hello;
import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.Pause;
import dev.rung.proto.v1.Run;
import dev.rung.proto.v1.ServerMessage;
import dev.rung.proto.v1.Stop;
import dev.rung.proto.v1.TrainerServiceGrpc;
import dev.rung.proto.v1.Welcome;
import io.grpc.Grpc;
import io.grpc.InsecureServerCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** A server in this process that a test plays word by word. */
final class FakeServer extends TrainerServiceGrpc.TrainerServiceImplBase implements AutoCloseable {
  private static final long PATIENCE_SECONDS = 20;

  private final String name = InProcessServerBuilder.generateName();
  private final boolean onSocket;
  private final BlockingQueue<Stream> streams = new LinkedBlockingQueue<>();
  private int port;
  private @Nullable Server server;

  FakeServer() {
    this(false);
  }

  /**
   * @param onSocket whether it listens on a free port of this machine, else in this process only
   */
  FakeServer(boolean onSocket) {
    this.onSocket = onSocket;
    start();
  }

  /** Starts, or starts again at the same address. */
  void start() {
    ServerBuilder<?> builder =
        onSocket
            ? Grpc.newServerBuilderForPort(port, InsecureServerCredentials.create())
            : InProcessServerBuilder.forName(name);
    try {
      Server started = builder.addService(this).build().start();
      port = started.getPort();
      server = started;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Breaks every stream, as a killed process does. */
  void kill() {
    Server running = server;
    if (running != null) {
      try {
        running.shutdownNow().awaitTermination();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      server = null;
    }
  }

  @Override
  public void close() {
    kill();
  }

  int port() {
    return port;
  }

  ManagedChannel channel() {
    return InProcessChannelBuilder.forName(name).build();
  }

  /** The next stream that a node dials, after its Hello. */
  Stream accept() throws InterruptedException {
    Stream stream = streams.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
    if (stream == null) {
      throw new AssertionError("no node dialled");
    }
    stream.hello = stream.await("Hello", NodeMessage::hasHello).getHello();
    return stream;
  }

  /** {@link #accept}, and a Welcome with the protocol's own limits. */
  Stream welcome() throws InterruptedException {
    Stream stream = accept();
    stream.send(Welcome.newBuilder().setWindowEntries(1_024).setWindowBytes(4 << 20));
    return stream;
  }

  @Override
  public StreamObserver<NodeMessage> connect(StreamObserver<ServerMessage> out) {
    Stream stream = new Stream(out);
    streams.add(stream);
    return stream;
  }

  static AttemptRef ref(String trial, int attempt) {
    return AttemptRef.newBuilder().setTrial(trial).setAttempt(attempt).build();
  }

  /**
   * A Run of kind "test" with milestone 3, 27 steps at most and a linger that no test waits for.
   */
  static Run.Builder run(AttemptRef ref) {
    return Run.newBuilder()
        .setAttempt(ref)
        .setKind("test")
        .setMilestone(3)
        .setMaxResource(27)
        .setSeed(42)
        .setLinger(Monitor.proto(Duration.ofMinutes(5).toNanos()))
        .addObjectives("loss")
        .setUnit("epoch");
  }

  static dev.rung.proto.v1.Directive.Builder directive(AttemptRef ref, long number) {
    return dev.rung.proto.v1.Directive.newBuilder().setAttempt(ref).setNumber(number);
  }

  static dev.rung.proto.v1.Directive.Builder goOn(AttemptRef ref, long number, long milestone) {
    return directive(ref, number).setContinue(Continue.newBuilder().setMilestone(milestone));
  }

  static dev.rung.proto.v1.Directive.Builder pause(AttemptRef ref, long number) {
    return directive(ref, number).setPause(Pause.getDefaultInstance());
  }

  static dev.rung.proto.v1.Directive.Builder stop(AttemptRef ref, long number) {
    return directive(ref, number).setStop(Stop.getDefaultInstance());
  }

  static dev.rung.proto.v1.Directive.Builder fenced(AttemptRef ref, long number) {
    return directive(ref, number).setFenced(Fenced.getDefaultInstance());
  }

  /** One stream of a node. */
  static final class Stream implements StreamObserver<NodeMessage> {
    private final StreamObserver<ServerMessage> out;
    private final BlockingQueue<NodeMessage> received = new LinkedBlockingQueue<>();
    private final BlockingQueue<Boolean> closed = new LinkedBlockingQueue<>();
    private Hello hello = Hello.getDefaultInstance();

    private Stream(StreamObserver<ServerMessage> out) {
      this.out = out;
    }

    Hello hello() {
      return hello;
    }

    synchronized void send(ServerMessage.Builder message) {
      out.onNext(message.build());
    }

    void send(Welcome.Builder welcome) {
      send(ServerMessage.newBuilder().setWelcome(welcome));
    }

    void send(Run.Builder run) {
      send(ServerMessage.newBuilder().setRun(run));
    }

    void send(dev.rung.proto.v1.Directive.Builder directive) {
      send(ServerMessage.newBuilder().setDirective(directive));
    }

    void ack(AttemptRef ref, long seq) {
      send(ServerMessage.newBuilder().setAck(Ack.newBuilder().setAttempt(ref).setAckedSeq(seq)));
    }

    void ackAndAskAgain(AttemptRef ref, long seq) {
      Ack.Builder ack = Ack.newBuilder().setAttempt(ref).setAckedSeq(seq).setResend(true);
      send(ServerMessage.newBuilder().setAck(ack));
    }

    synchronized void fail(Status status) {
      out.onError(status.asRuntimeException());
    }

    /** Waits until the node has ended the stream, by either way. */
    void awaitEnd() throws InterruptedException {
      if (closed.poll(PATIENCE_SECONDS, TimeUnit.SECONDS) == null) {
        throw new AssertionError("the node did not end the stream");
      }
    }

    /** The next message but heartbeats, which must be as expected. */
    NodeMessage await(String what, Predicate<NodeMessage> expected) throws InterruptedException {
      NodeMessage message;
      do {
        message = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      } while (message != null && message.hasHeartbeat());
      if (message == null || !expected.test(message)) {
        throw new AssertionError("expected " + what + ", got " + message);
      }
      return message;
    }

    void awaitAccepted(AttemptRef ref) throws InterruptedException {
      await("Accepted of " + ref, m -> m.getAccepted().getAttempt().equals(ref));
    }

    String awaitRefused(AttemptRef ref) throws InterruptedException {
      return await("Refused of " + ref, m -> m.getRefused().getAttempt().equals(ref))
          .getRefused()
          .getReason();
    }

    Heartbeat awaitHeartbeat() throws InterruptedException {
      NodeMessage message = received.poll(PATIENCE_SECONDS, TimeUnit.SECONDS);
      if (message == null || !message.hasHeartbeat()) {
        throw new AssertionError("expected Heartbeat, got " + message);
      }
      return message.getHeartbeat();
    }

    /** The next entries of an attempt, from a sequence number on without gaps. */
    List<Entry> awaitEntries(AttemptRef ref, long firstSeq, int count) throws InterruptedException {
      List<Entry> entries = new ArrayList<>();
      while (entries.size() < count) {
        Entries message =
            await("Entries of " + ref, m -> m.getEntries().getAttempt().equals(ref)).getEntries();
        long expected = firstSeq + entries.size();
        if (message.getFirstSeq() != expected) {
          throw new AssertionError("expected seq " + expected + ", got " + message);
        }
        entries.addAll(message.getEntriesList());
      }
      return entries;
    }

    /** The end of an attempt, after whatever entries come before it. */
    Ended awaitLast(AttemptRef ref) throws InterruptedException {
      while (true) {
        Entries one =
            await("Entries of " + ref, m -> m.getEntries().getAttempt().equals(ref)).getEntries();
        if (one.getEntries(0).hasEnded()) {
          return one.getEntries(0).getEnded();
        }
      }
    }

    long awaitPoint(AttemptRef ref, long seq) throws InterruptedException {
      return awaitEntries(ref, seq, 1).get(0).getPoint().getStep();
    }

    Checkpoint awaitCheckpoint(AttemptRef ref, long seq) throws InterruptedException {
      return awaitEntries(ref, seq, 1).get(0).getCheckpoint();
    }

    Ended awaitEnded(AttemptRef ref, long seq) throws InterruptedException {
      Entry entry = awaitEntries(ref, seq, 1).get(0);
      if (!entry.hasEnded()) {
        throw new AssertionError("expected Ended, got " + entry);
      }
      return entry.getEnded();
    }

    /** Messages that have come and were not looked at, without waiting. */
    List<NodeMessage> pending() {
      List<NodeMessage> messages = new ArrayList<>(received);
      messages.removeIf(NodeMessage::hasHeartbeat);
      return messages;
    }

    /** Entries are taken one by one: how a node batches them is its own affair. */
    @Override
    public void onNext(NodeMessage message) {
      if (!message.hasEntries()) {
        received.add(message);
      }
      Entries entries = message.getEntries();
      for (int i = 0; i < entries.getEntriesCount(); i++) {
        Entries.Builder one =
            Entries.newBuilder()
                .setAttempt(entries.getAttempt())
                .setFirstSeq(entries.getFirstSeq() + i)
                .addEntries(entries.getEntries(i));
        received.add(NodeMessage.newBuilder().setEntries(one).build());
      }
    }

    @Override
    public void onError(Throwable error) {
      closed.add(true);
    }

    @Override
    public synchronized void onCompleted() {
      closed.add(true);
      out.onCompleted();
    }
  }
}
