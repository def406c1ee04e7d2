package dev.rung.conformance;

import dev.rung.proto.v1.Ack;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Entries;
import dev.rung.proto.v1.Hello;
import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.ServerMessage;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One stream that a trainer has opened, with all that came over it. Safe for many threads. */
final class Connection implements StreamObserver<NodeMessage> {
  private final StreamObserver<ServerMessage> out;
  private final List<NodeMessage> messages = new ArrayList<>();
  private boolean acknowledges = true;
  private boolean closed;
  private @Nullable Throwable error;

  Connection(StreamObserver<ServerMessage> out) {
    this.out = out;
  }

  @Override
  public synchronized void onNext(NodeMessage message) {
    messages.add(message);
    if (message.hasEntries() && acknowledges) {
      Entries entries = message.getEntries();
      acknowledge(
          entries.getAttempt(), entries.getFirstSeq() + entries.getEntriesCount() - 1, false);
    }
    notifyAll();
  }

  @Override
  public synchronized void onError(Throwable thrown) {
    error = thrown;
    closed = true;
    notifyAll();
  }

  @Override
  public synchronized void onCompleted() {
    if (!closed) {
      out.onCompleted();
    }
    closed = true;
    notifyAll();
  }

  /** Whether the trainer has closed it, or this side has. */
  synchronized boolean isClosed() {
    return closed;
  }

  /** Whether entries are acknowledged as they come. */
  synchronized void acknowledge(boolean each) {
    acknowledges = each;
  }

  /** Acknowledges a prefix of an attempt's log. */
  synchronized void acknowledge(AttemptRef attempt, long seq, boolean resend) {
    send(
        ServerMessage.newBuilder()
            .setAck(Ack.newBuilder().setAttempt(attempt).setAckedSeq(seq).setResend(resend))
            .build());
  }

  synchronized void send(ServerMessage message) {
    if (closed) {
      return;
    }
    try {
      out.onNext(message);
    } catch (StatusRuntimeException | IllegalStateException e) {
      closed = true;
    }
  }

  /** Ends the stream with a status, as a server does. */
  synchronized void close(Status status) {
    if (!closed) {
      closed = true;
      out.onError(status.asRuntimeException());
      notifyAll();
    }
  }

  /** Everything that came so far. */
  synchronized List<NodeMessage> messages() {
    return List.copyOf(messages);
  }

  /**
   * Waits until what came so far has something.
   *
   * @param what it is, for the error
   * @param find finds it
   */
  <T> T await(String what, Duration most, Function<List<NodeMessage>, Optional<T>> find)
      throws Violation, InterruptedException {
    Optional<T> found = look(most, find);
    if (found.isEmpty()) {
      throw new Violation(
          "expected %s within %s, got %s"
              .formatted(what, Shown.time(most), Shown.messages(messages(), isClosed(), error())));
    }
    return found.get();
  }

  private synchronized @Nullable Throwable error() {
    return error;
  }

  /** As {@link #await}, without an error where it does not come. */
  synchronized <T> Optional<T> look(Duration most, Function<List<NodeMessage>, Optional<T>> find)
      throws InterruptedException {
    long deadline = System.nanoTime() + most.toNanos();
    while (true) {
      Optional<T> found = find.apply(messages);
      long left = deadline - System.nanoTime();
      if (found.isPresent() || left <= 0 || (closed && error != null)) {
        return found;
      }
      wait(Math.max(1, Math.min(left / 1_000_000, 100)));
    }
  }

  /** The first message, which must be a Hello. */
  Hello hello(Duration most) throws Violation, InterruptedException {
    NodeMessage first = await("a Hello", most, all -> all.stream().findFirst());
    Violation.unless(
        first.hasHello(), "expected Hello as the first message, got %s", Shown.message(first));
    return first.getHello();
  }
}
