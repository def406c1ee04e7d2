package dev.rung.benchmarks;

import dev.rung.proto.v1.Ack;
import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Directive;
import dev.rung.proto.v1.Entries;
import dev.rung.proto.v1.Run;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sends points as fast as the window of its attempts allows, {@link #POINTS} a message. Its values
 * grow with time, so nearly every trial is the best of its rung so far and goes on in place; every
 * {@link #POINTS_A_RUNG}th point is a milestone.
 */
final class PointNode extends WireNode {
  static final int POINTS = 16;
  static final int POINTS_A_RUNG = 10;

  /** Level of the lowest rung; each further one is twice as high. */
  static final long LOWEST_LEVEL = 16;

  /** Level of the top rung: the largest step that the server takes. */
  static final long TOP_LEVEL = 1L << 48;

  private static final int WINDOW = 1_024;
  private static final long BEGIN = System.nanoTime();

  private boolean givesItself;
  private final Map<AttemptRef, Log> open = new HashMap<>();
  private final Map<AttemptRef, Long> acknowledged = new ConcurrentHashMap<>();

  /** An attempt's log. */
  private static final class Log {
    final AttemptRef attempt;
    long sent;
    long acked;
    int points;
    boolean ended;

    Log(AttemptRef attempt) {
      this.attempt = attempt;
    }
  }

  PointNode(Link link, String name, int slots) {
    super(link, name, slots);
  }

  /** Gives itself one attempt after another, for a server that gives none. */
  void giveItself(AttemptRef first) {
    givesItself = true;
    open.put(first, new Log(first));
  }

  /** How far each attempt's log was acknowledged. */
  Map<AttemptRef, Long> acknowledged() {
    return acknowledged;
  }

  @Override
  void run(Run run) {
    open.put(run.getAttempt(), new Log(run.getAttempt()));
    ready();
  }

  @Override
  void acknowledged(Ack ack) {
    acknowledged.put(ack.getAttempt(), ack.getAckedSeq());
    Log log = open.get(ack.getAttempt());
    if (log == null) {
      return;
    }
    log.acked = Math.max(log.acked, ack.getAckedSeq());
    if (log.ended && log.acked == log.sent) {
      open.remove(log.attempt);
      if (givesItself) {
        giveItself(log.attempt.toBuilder().setAttempt(log.attempt.getAttempt() + 1).build());
        ready();
      }
    } else {
      send(log);
    }
  }

  @Override
  void directed(Directive directive) {
    Log log = open.get(directive.getAttempt());
    if (log == null || log.ended) {
      return;
    }
    switch (directive.getDCase()) {
      case PAUSE -> end(log, Cause.CAUSE_PAUSED);
      case STOP -> end(log, Cause.CAUSE_STOPPED);
      case FENCED -> open.remove(log.attempt);
      case CONTINUE, D_NOT_SET -> {
        // It has gone on already: the ladder is known.
      }
    }
  }

  @Override
  void ready() {
    open.values().forEach(this::send);
  }

  private void end(Log log, Cause cause) {
    log.ended = true;
    send(entries(log.attempt, ++log.sent).addEntries(ended(cause)));
  }

  private void send(Log log) {
    while (!log.ended && log.sent - log.acked + POINTS < WINDOW && isReady()) {
      Entries.Builder message = entries(log.attempt, log.sent + 1);
      double value = System.nanoTime() - BEGIN;
      for (int i = 0; i < POINTS && !log.ended; i++) {
        long step = step(++log.points);
        message.addEntries(point(step, value + i));
        if (step == TOP_LEVEL) {
          message.addEntries(ended(Cause.CAUSE_COMPLETED));
          log.ended = true;
        }
      }
      log.sent += message.getEntriesCount();
      send(message);
    }
  }

  /** The step of a trial's n-th point, from 1. */
  static long step(int point) {
    int rung = (point - 1) / POINTS_A_RUNG;
    int part = (point - 1) % POINTS_A_RUNG + 1;
    long level = LOWEST_LEVEL << rung;
    long below = rung == 0 ? 0 : level / 2;
    return below
        + (level - below) / POINTS_A_RUNG * part
        + (level - below) % POINTS_A_RUNG * part / POINTS_A_RUNG;
  }
}
