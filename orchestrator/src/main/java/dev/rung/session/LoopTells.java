package dev.rung.session;

import dev.rung.study.AttemptRef;
import dev.rung.study.ErrorCode;
import dev.rung.study.Order;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyReply;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The open tells of a loop: of each attempt one after the other, so that the server can number the
 * entries of those that do not. What stands for an attempt is asked of the study before its first.
 */
final class LoopTells {
  /** Of one loop at the same time. */
  static final int MOST = 64;

  /** Of what the session knows of an attempt. */
  private static final class Log {
    final Deque<LoopSession.Tell> waiting = new ArrayDeque<>();

    /** Whether the study has said how far the log is. */
    boolean known;

    long acked;
    @Nullable Order order;
    boolean asked;
  }

  private final String node;
  private final Consumer<StudyCommand> study;
  private final LoopWords words;
  private final Map<AttemptRef, Log> logs = new HashMap<>();
  private int open;

  /**
   * No tell is open.
   *
   * @param node the loop, as the study names it
   * @param study takes commands
   */
  LoopTells(String node, Consumer<StudyCommand> study, LoopWords words) {
    this.node = node;
    this.study = study;
    this.words = words;
  }

  boolean isEmpty() {
    return open == 0;
  }

  /** A loop tells. */
  void add(LoopSession.Tell tell) {
    if (open >= MOST) {
      tell.replyTo()
          .tell(
              LoopAsks.refused(
                  "expected at most %d open tells of a client, but came more".formatted(MOST)));
      return;
    }
    open++;
    AttemptRef attempt = tell.told().attempt();
    Log log = logs.computeIfAbsent(attempt, ref -> new Log());
    log.waiting.add(tell);
    next(attempt, log);
  }

  /** The study took what it was told. */
  void taken(StudyReply.Taken taken) {
    Log log = logs.get(taken.attempt());
    if (log == null || !log.asked) {
      return;
    }
    log.asked = false;
    log.acked = taken.ackedSeq();
    taken.order().ifPresent(order -> hear(log, order));
    if (log.known) {
      answer(log, taken);
    }
    log.known = true;
    if (log.waiting.isEmpty() && log.order != null && log.order.isOver()) {
      logs.remove(taken.attempt());
    }
    next(taken.attempt(), log);
  }

  /** The study refuses a report. */
  void rejected(StudyCommand.Report report, StudyReply.Rejected rejected) {
    Log log = logs.remove(report.attempt());
    if (log == null) {
      return;
    }
    open -= log.waiting.size();
    log.waiting.forEach(tell -> tell.replyTo().tell(new LoopAnswer.Rejected(rejected)));
    if (rejected.code() == ErrorCode.INTERNAL) {
      // What it meets a fault with would be told for ever.
      study.accept(new StudyCommand.Lose(report.attempt(), rejected.message()));
    }
  }

  private void answer(Log log, StudyReply.Taken taken) {
    LoopSession.Tell tell = log.waiting.remove();
    open--;
    boolean ended = tell.told().ends() && !taken.resend();
    boolean over = log.order != null && log.order.isOver();
    tell.replyTo()
        .tell(
            words.told(
                taken.attempt(), log.acked, taken.resend(), ended && !over ? null : log.order));
    if (ended && log.waiting.isEmpty()) {
      logs.remove(taken.attempt());
    }
  }

  private void next(AttemptRef attempt, Log log) {
    LoopSession.Tell tell = log.waiting.peek();
    if (tell == null || log.asked) {
      return;
    }
    log.asked = true;
    LoopReader.Told told = tell.told();
    if (!log.known || told.entries().isEmpty()) {
      // Reports nothing: the study answers how far the log is, and what stands.
      report(attempt, 1, List.of());
    } else {
      report(attempt, told.firstSeq() == 0 ? log.acked + 1 : told.firstSeq(), told.entries());
    }
  }

  private void report(AttemptRef attempt, long firstSeq, List<dev.rung.study.Entry> entries) {
    study.accept(new StudyCommand.Report(attempt, firstSeq, entries, Optional.of(node)));
  }

  private static void hear(Log log, Order order) {
    if (log.order == null || order.number() >= log.order.number()) {
      log.order = order;
    }
  }
}
