package dev.rung.benchmarks;

import dev.rung.proto.v1.Ack;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Directive;
import dev.rung.proto.v1.Run;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Trainers that report a milestone when they are told to, whatever became of the report before. A
 * report that cannot go out at its time, since its trainer waits for a directive or a trial, goes
 * out late, and its latency is counted from the time that it was due.
 */
final class OpenLoopNode extends WireNode {
  private final List<Trainer> trainers = new ArrayList<>();
  private final Map<AttemptRef, Trainer> busy = new HashMap<>();
  private final Latencies latencies;

  /** One slot's trainer. */
  private static final class Trainer {
    @Nullable AttemptRef attempt;
    long seq;
    int rung;

    /** When the report was due that waits for its directive; 0: none does. */
    long awaited;

    /** When reports were due that have not gone out. */
    final Deque<Long> due = new ArrayDeque<>();
  }

  OpenLoopNode(int port, String name, int slots, Latencies latencies) {
    super(port, name, slots);
    this.latencies = latencies;
    for (int i = 0; i < slots; i++) {
      trainers.add(new Trainer());
    }
  }

  /** Trainers that have a trial. */
  synchronized int busy() {
    return busy.size();
  }

  /**
   * A report of a trainer is due.
   *
   * @param at in nanoseconds of the monotonic clock
   */
  synchronized void report(int trainer, long at) {
    trainers.get(trainer).due.add(at);
    sendNext(trainers.get(trainer));
  }

  private void sendNext(Trainer trainer) {
    AttemptRef attempt = trainer.attempt;
    if (attempt == null || trainer.awaited != 0 || trainer.due.isEmpty()) {
      return;
    }
    trainer.awaited = trainer.due.remove();
    long level = PointNode.LOWEST_LEVEL << trainer.rung++;
    // Better than all before it, so that the trial goes on.
    double value = System.nanoTime();
    send(entries(attempt, ++trainer.seq).addEntries(point(level, value)));
  }

  @Override
  synchronized void run(Run run) {
    for (Trainer trainer : trainers) {
      if (trainer.attempt == null) {
        trainer.attempt = run.getAttempt();
        trainer.seq = 0;
        trainer.rung = 0;
        busy.put(run.getAttempt(), trainer);
        sendNext(trainer);
        return;
      }
    }
    throw new IllegalStateException("expected at most " + trainers.size() + " attempts");
  }

  @Override
  void acknowledged(Ack ack) {
    // The directive comes with it.
  }

  @Override
  synchronized void directed(Directive directive) {
    Trainer trainer = busy.get(directive.getAttempt());
    if (trainer == null) {
      return;
    }
    if (trainer.awaited != 0) {
      latencies.add(trainer.awaited, System.nanoTime());
      trainer.awaited = 0;
    }
    if (!directive.hasContinue()) {
      Cause cause = directive.hasPause() ? Cause.CAUSE_PAUSED : Cause.CAUSE_STOPPED;
      send(entries(directive.getAttempt(), ++trainer.seq).addEntries(ended(cause)));
      busy.remove(directive.getAttempt());
      trainer.attempt = null;
    }
    sendNext(trainer);
  }

  @Override
  void ready() {
    // One small message for each report.
  }
}
