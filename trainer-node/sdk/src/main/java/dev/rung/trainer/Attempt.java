package dev.rung.trainer;

import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.Entry;
import dev.rung.proto.v1.Run;
import org.jspecify.annotations.Nullable;

/** One attempt on this node. Guarded by the node's {@link Monitor}. */
final class Attempt {
  private final Run run;
  private final Orders orders;
  private final Outflow outflow;
  private final TrialLog log;
  private @Nullable Thread thread;
  private long interruptAt = Monitor.NEVER;
  private boolean interrupted;
  private boolean ended;

  Attempt(Run run, AttemptLog log, Window window) {
    this.run = run;
    this.orders = new Orders(run.getMilestone());
    this.outflow = new Outflow(run.getAttempt(), log, window);
    this.log = new TrialLog(run.getAttempt());
  }

  /** The trainer's thread takes the attempt up. */
  void begin() {
    thread = Thread.currentThread();
  }

  /** The trainer's thread is done with the attempt. */
  void end(Ended how) {
    // From here on an interrupt would hit the next attempt on this thread.
    thread = null;
    interruptAt = Monitor.NEVER;
    ended = true;
    if (!orders.isFenced()) {
      outflow.append(Entry.newBuilder().setEnded(how).build());
    }
  }

  /** Interrupts the trainer's thread at that time, if it still trains then. */
  void interruptAt(long time) {
    interruptAt = Math.min(interruptAt, time);
  }

  /** Interrupts the trainer's thread where it is time. */
  boolean interruptIfDue(Alarm alarm) {
    if (thread == null || interruptAt == Monitor.NEVER || !alarm.due(interruptAt)) {
      return false;
    }
    interruptAt = Monitor.NEVER;
    interrupted = true;
    thread.interrupt();
    return true;
  }

  AttemptRef ref() {
    return run.getAttempt();
  }

  /** Unsigned on the wire. */
  long number() {
    return Integer.toUnsignedLong(ref().getAttempt());
  }

  Run run() {
    return run;
  }

  Orders orders() {
    return orders;
  }

  Outflow outflow() {
    return outflow;
  }

  /** What the trainer says; guarded by itself. */
  TrialLog log() {
    return log;
  }

  /** Whether it is on the trainer's thread now. */
  boolean isTraining() {
    return thread != null;
  }

  boolean hasEnded() {
    return ended;
  }

  /** Whether the node interrupted the trainer's thread. */
  boolean wasInterrupted() {
    return interrupted;
  }

  @Override
  public String toString() {
    return ref().getTrial() + " attempt " + Integer.toUnsignedString(ref().getAttempt());
  }
}
