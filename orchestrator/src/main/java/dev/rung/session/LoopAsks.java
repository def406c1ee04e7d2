package dev.rung.session;

import dev.rung.study.Missed;
import dev.rung.study.Slot;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyReply;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The open asks of a loop. They go in rounds: the study says which attempts the loop has, and only
 * where an ask is for another one is it offered a slot; then the next round finds the new attempt.
 * So a loop that asks twice has one attempt, and where it stands is never an old account.
 */
final class LoopAsks {
  /** Of one loop at the same time. */
  static final int MOST = 64;

  private static final Duration FIRST_PAUSE = Duration.ofMillis(20);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

  private enum Phase {
    IDLE,
    RECALLING,
    GRANTING,
    WAITING
  }

  /** An ask, and whether it waits no longer than this round. */
  private static final class Open {
    final LoopSession.Ask ask;
    boolean overdue;

    Open(LoopSession.Ask ask) {
      this.ask = ask;
    }
  }

  private final String node;
  private final String epoch;
  private final Consumer<StudyCommand> study;
  private final Consumer<Duration> again;
  private final LoopWords words;
  private final Map<Long, Open> open = new LinkedHashMap<>();
  private Phase phase = Phase.IDLE;
  private Duration pause = FIRST_PAUSE;
  private long offers;

  /**
   * No ask is open.
   *
   * @param node the loop, as the study names it
   * @param epoch of the session
   * @param study takes commands
   * @param again {@link #nextRound} is to be called after this time
   */
  LoopAsks(
      String node,
      String epoch,
      Consumer<StudyCommand> study,
      Consumer<Duration> again,
      LoopWords words) {
    this.node = node;
    this.epoch = epoch;
    this.study = study;
    this.again = again;
    this.words = words;
  }

  boolean isEmpty() {
    return open.isEmpty();
  }

  /** A loop asks; {@link #overdue} is to be called with the id after the ask's linger. */
  void add(long id, LoopSession.Ask ask) {
    if (open.size() >= MOST) {
      ask.replyTo()
          .tell(
              refused("expected at most %d open asks of a client, but came more".formatted(MOST)));
      return;
    }
    open.put(id, new Open(ask));
    pause = FIRST_PAUSE;
    nextRound();
  }

  /** Looks again, unless that is just being done. */
  void nextRound() {
    if (open.isEmpty()) {
      phase = Phase.IDLE;
    } else if (phase == Phase.IDLE || phase == Phase.WAITING) {
      recall();
    }
  }

  /** An ask has waited for as long as it wants to. */
  void overdue(long id) {
    Open one = open.get(id);
    if (one != null) {
      one.overdue = true;
      answerOverdue();
    }
  }

  /** The study says what the loop has. */
  void recalled(StudyReply.Recalled recalled) {
    if (phase != Phase.RECALLING) {
      return;
    }
    List<StudyReply.Held> held = recalled.attempts();
    open.values()
        .removeIf(one -> {
          Optional<StudyReply.Held> next =
              held.stream()
                  .filter(attempt -> !one.ask.asked().running().contains(attempt.attempt()))
                  .findFirst();
          next.ifPresent(attempt -> one.ask.replyTo().tell(words.run(attempt)));
          return next.isPresent();
        });
    if (open.isEmpty()) {
      phase = Phase.IDLE;
    } else if (recalled.ended()) {
      end(words.nothing());
    } else if (held.size() >= LoopReader.MOST_ATTEMPTS) {
      end(
          refused(
              "expected at most %d attempts of a client, but it has them all"
                  .formatted(LoopReader.MOST_ATTEMPTS)));
    } else {
      phase = Phase.GRANTING;
      Slot slot = new Slot(node, 0, epoch, ++offers);
      study.accept(
          new StudyCommand.Grant(slot, Missed.NOTHING, Optional.of(first().ask.asked().offer())));
    }
  }

  /** The study uses the slot. */
  void used() {
    if (phase == Phase.GRANTING) {
      recall();
    }
  }

  /** The study has no use for the slot now. */
  void declined() {
    if (phase != Phase.GRANTING) {
      return;
    }
    phase = Phase.WAITING;
    answerOverdue();
    if (phase == Phase.WAITING) {
      again.accept(pause);
      pause = pause.multipliedBy(2);
      pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE;
    }
  }

  /** The study refuses whatever the loop wants of it. */
  void rejected(StudyReply.Rejected rejected) {
    if (phase == Phase.RECALLING || phase == Phase.GRANTING) {
      end(new LoopAnswer.Rejected(rejected));
    }
  }

  private void recall() {
    phase = Phase.RECALLING;
    study.accept(new StudyCommand.Recall(node));
  }

  /** While the study is asked, what it says may still be what an overdue ask is for. */
  private void answerOverdue() {
    if (phase != Phase.WAITING) {
      return;
    }
    List<Long> answered = new ArrayList<>();
    open.forEach((id, one) -> {
      if (one.overdue) {
        one.ask.replyTo().tell(words.nothing());
        answered.add(id);
      }
    });
    answered.forEach(open::remove);
    if (open.isEmpty()) {
      phase = Phase.IDLE;
    }
  }

  private void end(LoopAnswer answer) {
    open.values().forEach(one -> one.ask.replyTo().tell(answer));
    open.clear();
    phase = Phase.IDLE;
  }

  private Open first() {
    return open.values().iterator().next();
  }

  static LoopAnswer refused(String message) {
    return new LoopAnswer.Refused(Status.RESOURCE_EXHAUSTED.withDescription(message));
  }
}
