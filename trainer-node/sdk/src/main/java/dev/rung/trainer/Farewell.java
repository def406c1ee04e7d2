package dev.rung.trainer;

import dev.rung.proto.v1.Draining;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** How a node comes to its end. Guarded by the node's {@link Monitor}. */
final class Farewell {
  private static final long AFTER_INTERRUPT = TimeUnit.SECONDS.toNanos(1);

  private final Monitor monitor;
  private final Attempts attempts;
  private final long grace;
  private @Nullable Outcome outcome;
  private boolean serverGone;
  private boolean said;
  private boolean preempted;
  private long drainBy = Monitor.NEVER;
  private long endBy = Monitor.NEVER;
  private long idleAt = Monitor.NEVER;

  Farewell(Monitor monitor, Attempts attempts, Duration grace) {
    this.monitor = monitor;
    this.attempts = attempts;
    this.grace = Monitor.nanos(grace);
  }

  /**
   * The attempts end after their next checkpoint or at the deadline, and their logs are delivered.
   *
   * @return false where the node comes to its end already
   */
  boolean drain(Outcome how, Duration deadline) {
    if (outcome != null) {
      return false;
    }
    outcome = how;
    drainBy = monitor.after(deadline);
    endBy = drainBy + grace;
    attempts.drain();
    return true;
  }

  /** The server does not want this node: the attempts end, and nothing more is sent. */
  void breakOff(Outcome how) {
    outcome = how;
    serverGone = true;
    attempts.fenceAll();
    endBy = monitor.now() + grace + AFTER_INTERRUPT;
  }

  /** Whether the node still dials. */
  boolean mayDial() {
    return !serverGone;
  }

  /** A new stream begins, on which nothing was said. */
  void rewind() {
    said = false;
  }

  /** What to tell the server, once a stream; null where there is nothing. */
  @Nullable Draining next() {
    if (outcome == null || said) {
      return null;
    }
    said = true;
    return Draining.newBuilder()
        .setDeadline(Monitor.proto(Math.max(0, drainBy - monitor.now())))
        .build();
  }

  /** Whether the node has nothing more to do. */
  boolean isOver(Alarm alarm, boolean connected) {
    if (outcome == null) {
      return false;
    }
    if (alarm.due(endBy)) {
      return true;
    }
    if (!attempts.isIdle()) {
      preemptAtDeadline(alarm);
      return false;
    }
    if (serverGone) {
      return true;
    }
    if (attempts.isDelivered()) {
      return said || !connected;
    }
    idleAt = Math.min(idleAt, alarm.now());
    return !connected && alarm.due(idleAt + grace);
  }

  private void preemptAtDeadline(Alarm alarm) {
    if (!preempted && alarm.due(drainBy)) {
      preempted = true;
      attempts.preempt("no checkpoint came before the node's drain deadline", alarm.now());
    }
  }

  /** How the node ended, or will; null while it goes on. */
  @Nullable Outcome outcome() {
    return outcome;
  }
}
