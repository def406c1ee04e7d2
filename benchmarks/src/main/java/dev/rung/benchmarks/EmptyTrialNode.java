package dev.rung.benchmarks;

import dev.rung.proto.v1.Ack;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Directive;
import dev.rung.proto.v1.Run;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Reports once for each attempt, waits for the verdict as a trainer would, and ends. No training.
 */
final class EmptyTrialNode extends WireNode {
  private final Map<AttemptRef, Long> acknowledged = new ConcurrentHashMap<>();

  EmptyTrialNode(int port, String name, int slots) {
    super(port, name, slots);
  }

  /** How far each attempt's log was acknowledged. */
  Map<AttemptRef, Long> acknowledged() {
    return acknowledged;
  }

  @Override
  void run(Run run) {
    double value = Math.floorMod(run.getSeed(), 1_000L) / 1_000.0;
    send(entries(run.getAttempt(), 1).addEntries(point(run.getMilestone(), value)));
  }

  @Override
  void acknowledged(Ack ack) {
    acknowledged.merge(ack.getAttempt(), ack.getAckedSeq(), Math::max);
  }

  @Override
  void directed(Directive directive) {
    if (directive.hasStop()) {
      send(entries(directive.getAttempt(), 2).addEntries(ended(Cause.CAUSE_STOPPED)));
    }
  }

  @Override
  void ready() {
    // One small message for each that comes.
  }
}
