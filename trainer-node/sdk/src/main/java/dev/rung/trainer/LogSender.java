package dev.rung.trainer;

import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.LogLine;
import dev.rung.proto.v1.SendLogsRequest;
import dev.rung.proto.v1.SendLogsResponse;
import dev.rung.proto.v1.TrainerServiceGrpc;
import io.grpc.Channel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends the logs of a node's attempts beside its stream, on the same connection: a call now and
 * then that takes what there is. It has a thread and a lock of its own, so that logs never hold up
 * training or metrics. What a call did not bring over is sent again by the next.
 */
final class LogSender implements Runnable {
  private static final Logger log = LoggerFactory.getLogger(LogSender.class);

  /** Between two looks for new lines. */
  private static final long LOOK_MILLIS = 100;

  private static final long LONGEST_CALL_MILLIS = 30_000;
  private static final long FIRST_BACK_OFF_MILLIS = 500;
  private static final long LONGEST_BACK_OFF_MILLIS = 30_000;

  /** Of one call, so that it ends soon. */
  private static final int MOST_MESSAGES = 64;

  /** A server that does not know an attempt after so many calls will not come to know it. */
  private static final int MOST_REFUSALS = 30;

  /** Where lines go. */
  private record Target(Channel channel, String session) {}

  /** An attempt's log on its way. */
  private static final class Outgoing {
    final TrialLog lines;
    boolean ended;
    int refusals;

    Outgoing(TrialLog lines) {
      this.lines = lines;
    }
  }

  private final Thread thread;
  private final Map<AttemptRef, Outgoing> logs = new LinkedHashMap<>();
  private @Nullable Target target;
  private long backOff;
  private boolean started;
  private boolean finishing;
  private boolean inCall;

  LogSender(String node) {
    this.thread = new Thread(this, node + "-logs");
    thread.setDaemon(true);
  }

  /** An attempt begins. */
  synchronized void add(TrialLog lines) {
    logs.put(lines.ref(), new Outgoing(lines));
    startWhereNeeded();
  }

  private void startWhereNeeded() {
    if (!started && target != null && !logs.isEmpty()) {
      started = true;
      thread.start();
    }
  }

  /** An attempt has ended: once its lines are sent they are forgotten. */
  synchronized void ended(AttemptRef attempt) {
    Outgoing outgoing = logs.get(attempt);
    if (outgoing != null) {
      outgoing.ended = true;
    }
  }

  /** An attempt is not this node's any more. */
  synchronized void forget(AttemptRef attempt) {
    Outgoing outgoing = logs.remove(attempt);
    if (outgoing != null) {
      outgoing.lines.close();
    }
  }

  /** The server has welcomed a stream. A server that names no session takes no logs. */
  synchronized void connected(Channel channel, String session) {
    target = session.isEmpty() ? null : new Target(channel, session);
    backOff = 0;
    logs.values().forEach(outgoing -> outgoing.refusals = 0);
    startWhereNeeded();
    notifyAll();
  }

  /** The stream is lost. */
  synchronized void disconnected() {
    target = null;
  }

  /** Sends what there is, if the server is there, and ends. */
  synchronized void finish(long patienceMillis) {
    long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patienceMillis);
    finishing = true;
    notifyAll();
    boolean interrupted = false;
    while (started && target != null && backOff == 0 && (inCall || isPending())) {
      long left = until - System.nanoTime();
      if (left <= 0) {
        break;
      }
      try {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      } catch (InterruptedException e) {
        interrupted = true;
        break;
      }
    }
    target = null;
    logs.clear();
    notifyAll();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isPending() {
    return logs.values().stream().anyMatch(outgoing -> outgoing.lines.hasNext());
  }

  @Override
  public void run() {
    try {
      Target next = awaitWork();
      while (next != null) {
        send(next);
        next = awaitWork();
      }
    } catch (InterruptedException e) {
      log.debug("the logs are sent no more, since the thread was interrupted");
    }
  }

  /** Waits until there is something to send and a server to take it; null at the end. */
  private synchronized @Nullable Target awaitWork() throws InterruptedException {
    inCall = false;
    notifyAll();
    while (true) {
      wait(finishing ? 1 : Math.max(LOOK_MILLIS, backOff));
      forgetDelivered();
      if (finishing && (target == null || !isPending())) {
        return null;
      }
      if (target != null && isPending()) {
        inCall = true;
        return target;
      }
    }
  }

  private void forgetDelivered() {
    Iterator<Outgoing> each = logs.values().iterator();
    while (each.hasNext()) {
      Outgoing outgoing = each.next();
      if (outgoing.ended && !outgoing.lines.hasNext()) {
        each.remove();
      }
    }
  }

  private void send(Target to) throws InterruptedException {
    Map<AttemptRef, Long> before = new HashMap<>();
    Call call = new Call();
    try {
      var unused = TrainerServiceGrpc.newStub(to.channel()).sendLogs(call);
      for (int i = 0; i < MOST_MESSAGES && call.awaitReady(); i++) {
        SendLogsRequest next = next(to.session(), before);
        if (next == null) {
          break;
        }
        call.send(next);
      }
      call.complete();
    } catch (RuntimeException e) {
      call.onError(e);
    }
    SendLogsResponse answer = call.awaitAnswer();
    synchronized (this) {
      if (answer == null) {
        before.forEach(this::sendAgain);
        backOff = Math.min(Math.max(FIRST_BACK_OFF_MILLIS, 2 * backOff), LONGEST_BACK_OFF_MILLIS);
      } else {
        backOff = answer.getRefusedCount() == 0 ? 0 : FIRST_BACK_OFF_MILLIS;
        answer.getRefusedList().forEach(ref -> refused(ref, before));
      }
    }
  }

  /** The next part to send; notes from where to send again should it not arrive. */
  private synchronized @Nullable SendLogsRequest next(
      String session, Map<AttemptRef, Long> before) {
    for (Outgoing outgoing : logs.values()) {
      long sent = outgoing.lines.sent();
      List<LogLine> lines = outgoing.lines.next();
      if (!lines.isEmpty()) {
        AttemptRef ref = outgoing.lines.ref();
        before.putIfAbsent(ref, sent);
        // Behind the others, so that each gets its turn.
        logs.remove(ref);
        logs.put(ref, outgoing);
        return SendLogsRequest.newBuilder()
            .setSession(session)
            .setAttempt(ref)
            .addAllLines(lines)
            .build();
      }
    }
    return null;
  }

  private void sendAgain(AttemptRef ref, long from) {
    Outgoing outgoing = logs.get(ref);
    if (outgoing != null) {
      outgoing.lines.rewind(from);
    }
  }

  private void refused(AttemptRef ref, Map<AttemptRef, Long> before) {
    Outgoing outgoing = logs.get(ref);
    Long from = before.get(ref);
    if (outgoing == null || from == null) {
      return;
    }
    outgoing.refusals++;
    if (outgoing.refusals < MOST_REFUSALS) {
      outgoing.lines.rewind(from);
    }
  }

  /** One call; what the transport's threads tell wakes the sender's. */
  private static final class Call
      implements ClientResponseObserver<SendLogsRequest, SendLogsResponse> {
    private @Nullable ClientCallStreamObserver<SendLogsRequest> stream;
    private @Nullable SendLogsResponse answer;
    private boolean over;

    @Override
    public synchronized void beforeStart(ClientCallStreamObserver<SendLogsRequest> call) {
      stream = call;
      call.setOnReadyHandler(this::wake);
    }

    private synchronized void wake() {
      notifyAll();
    }

    /** Whether a message may be sent; false where the call is over or takes too long. */
    synchronized boolean awaitReady() throws InterruptedException {
      long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONGEST_CALL_MILLIS);
      while (!over && stream != null && !stream.isReady()) {
        long left = until - System.nanoTime();
        if (left <= 0) {
          return false;
        }
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
      return !over;
    }

    void send(SendLogsRequest message) {
      ClientCallStreamObserver<SendLogsRequest> call = stream;
      if (call != null) {
        call.onNext(message);
      }
    }

    void complete() {
      ClientCallStreamObserver<SendLogsRequest> call = stream;
      if (call != null) {
        call.onCompleted();
      }
    }

    /** The server's answer; null where none comes. */
    @Nullable SendLogsResponse awaitAnswer() throws InterruptedException {
      ClientCallStreamObserver<SendLogsRequest> call;
      synchronized (this) {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LONGEST_CALL_MILLIS);
        while (!over && until - System.nanoTime() > 0) {
          TimeUnit.NANOSECONDS.timedWait(this, until - System.nanoTime());
        }
        if (over) {
          return answer;
        }
        call = stream;
      }
      if (call != null) {
        call.cancel("no answer came in time", null);
      }
      return null;
    }

    @Override
    public synchronized void onNext(SendLogsResponse message) {
      answer = message;
    }

    @Override
    public synchronized void onError(Throwable error) {
      log.debug("logs were not taken: {}", error.toString());
      answer = null;
      over = true;
      notifyAll();
    }

    @Override
    public synchronized void onCompleted() {
      over = true;
      notifyAll();
    }
  }
}
