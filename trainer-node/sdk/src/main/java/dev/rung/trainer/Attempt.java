package dev.rung.trainer;

import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.Entry;
import dev.rung.proto.v1.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One attempt on this node. Guarded by the node's {@link Monitor}. */
final class Attempt {
  private static final Logger log = LoggerFactory.getLogger(Attempt.class);

  private final Run run;
  private final Orders orders;
  private final Outflow outflow;
  private final @Nullable LogFile file;
  private final @Nullable Path path;
  private @Nullable Ended lost;
  private final TrialLog trialLog;
  private @Nullable Thread thread;
  private long interruptAt = Monitor.NEVER;
  private boolean interrupted;
  private boolean ended;

  /**
   * An attempt that is to begin.
   *
   * @param file its log on disk; null: the log ends with this process
   */
  Attempt(Run run, @Nullable LogFile file, Window window) {
    this(run, new AttemptLog(), file, file == null ? null : file.path(), window);
  }

  private Attempt(
      Run run, AttemptLog log, @Nullable LogFile file, @Nullable Path path, Window window) {
    this.run = run;
    this.file = file;
    this.path = path;
    this.orders = new Orders(run.getMilestone());
    this.outflow = new Outflow(run.getAttempt(), log, window);
    this.trialLog = new TrialLog(run.getAttempt());
  }

  /** What an earlier process left of an attempt: it does not train, but its log is delivered. */
  static Attempt leftOver(NodeFolder.LeftOver found, String node, Window window) {
    LogReader.Content content = found.content();
    Run run = Run.newBuilder().setAttempt(content.attempt()).build();
    Attempt attempt = new Attempt(run, content.entries(), null, found.path(), window);
    attempt.ended = content.closed();
    if (!content.closed()) {
      attempt.lost =
          Ended.newBuilder()
              .setCause(Cause.CAUSE_LOST)
              .setMessage("node " + node + " was started anew")
              .build();
    }
    return attempt;
  }

  /**
   * The server says how much of the log it has. An attempt that was left over is closed only now:
   * after a power loss the file may lack entries that the server has, and the end comes after them.
   */
  void acknowledged(long seq) {
    if (file != null) {
      file.ack(seq);
    }
    if (lost != null) {
      if (seq > outflow.last()) {
        outflow.skipTo(seq);
      }
      outflow.append(Entry.newBuilder().setEnded(lost).build());
      lost = null;
      ended = true;
    }
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

  /** Nothing more is written to the log on disk. */
  void closeLog() {
    try {
      if (file != null) {
        file.close();
      }
    } catch (IOException e) {
      log.warn("the log of {} cannot be closed: {}", this, e.toString());
    }
  }

  /** Deletes the log on disk: the server has what it holds, or does not want it. */
  void deleteLog() {
    closeLog();
    try {
      if (path != null) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      log.warn("the log of {} stays, and is delivered again: {}", this, e.toString());
    }
  }

  /** Its log on disk; null: there is none to write to. */
  @Nullable LogFile file() {
    return file;
  }

  Outflow outflow() {
    return outflow;
  }

  /** What the trainer says; guarded by itself. */
  TrialLog log() {
    return trialLog;
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
