package dev.rung.study;

import dev.rung.halving.BracketView;
import dev.rung.halving.HalvingRule.Promotion;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a study uses its next slot for: trials that lost theirs, then promotions from the top rung
 * down, then new trials. What the resource of the budget does not cover is not begun.
 */
sealed interface NextWork {

  /** A trial that lost its slot goes on. */
  record GoOn(int trial) implements NextWork {}

  /** A trial goes on to the next rung. */
  record Promote(Promotion promotion) implements NextWork {}

  /** A new trial begins. */
  record Begin(int trial) implements NextWork {}

  /** There is nothing to begin now. */
  record Nothing() implements NextWork {}

  /**
   * What the next slot is used for.
   *
   * @param candidate a trial that waits at its rung in the slot in question; -1: none
   */
  static NextWork of(StudyView study, int candidate) {
    if (study.status() != StudyStatus.RUNNING) {
      return new Nothing();
    }
    if (candidate < 0 && freeSlots(study) <= 0) {
      return new Nothing();
    }
    if (!study.waiting().isEmpty()) {
      Trial trial = trial(study, study.waiting().first());
      return ifCovered(study, cost(study, trial, trial.rung()), new GoOn(trial.number()));
    }
    NextWork begin = begin(study);
    Optional<Promotion> promotion = promotion(study, candidate);
    if (promotion.isEmpty()
        || (study.rule().mostBehindFirst() && isBehind(study, begin, promotion.get()))) {
      return begin;
    }
    Promotion p = promotion.get();
    Trial trial = trial(study, p.trial());
    long cost =
        p.trial() == candidate
            ? goingOn(study, trial, p.rung() + 1)
            : cost(study, trial, p.rung() + 1);
    return ifCovered(study, cost, new Promote(p));
  }

  /** Whether a new trial would head for a lower rung than one that may be promoted. */
  private static boolean isBehind(StudyView study, NextWork begin, Promotion promotion) {
    return begin instanceof Begin(int trial) && Leasing.firstRung(study, trial) <= promotion.rung();
  }

  private static NextWork begin(StudyView study) {
    if (study.suggested().isEmpty()) {
      return new Nothing();
    }
    int trial = study.suggested().firstKey();
    long level = study.bracketOf(trial).ladder().level(Leasing.firstRung(study, trial));
    Lineage lineage = study.cloned().get(trial);
    long from = lineage == null ? 0 : lineage.checkpoint().step();
    return ifCovered(study, level - from, new Begin(trial));
  }

  /** The promotion of the bracket in which it leads highest. */
  private static Optional<Promotion> promotion(StudyView study, int candidate) {
    Optional<Promotion> best = Optional.empty();
    long highest = 0;
    for (BracketView bracket : study.brackets()) {
      Optional<Promotion> next = study.rule().next(bracket, candidate);
      if (next.isPresent() && bracket.ladder().level(next.get().rung() + 1) > highest) {
        best = next;
        highest = bracket.ladder().level(next.get().rung() + 1);
      }
    }
    return best;
  }

  /** Whether a trial could be promoted now, whatever it costs. */
  static boolean hasPromotion(StudyView study) {
    return promotion(study, -1).isPresent();
  }

  /** How many slots the study could use at once now. */
  static int demand(StudyView study) {
    if (of(study, -1) instanceof Nothing) {
      return 0;
    }
    int count = study.waiting().size() + study.suggested().size();
    for (BracketView bracket : study.brackets()) {
      count += study.rule().promotable(bracket);
    }
    return Math.min(count, freeSlots(study));
  }

  /** How many attempts more may run at the same time. */
  static int freeSlots(StudyView study) {
    OptionalInt parallel = study.plan().budget().parallel();
    return parallel.isEmpty() ? Integer.MAX_VALUE : parallel.getAsInt() - study.running().size();
  }

  private static long cost(StudyView study, Trial trial, int rung) {
    long milestone = study.bracketOf(trial.number()).ladder().level(rung);
    Entry.Checkpoint resume = trial.resumeFor(milestone);
    return milestone - (resume == null ? 0 : resume.step());
  }

  /** What an attempt needs beyond what it holds, to go on in place. */
  private static long goingOn(StudyView study, Trial trial, int rung) {
    Attempt attempt = trial.lastAttempt();
    return study.bracketOf(trial.number()).ladder().level(rung)
        - attempt.startStep()
        - attempt.held();
  }

  /** Whether a trial that waits in its slot at a rung may train on to the next one. */
  static boolean coversNextRung(StudyView study, Trial trial, int rung) {
    return covers(study, goingOn(study, trial, rung + 1));
  }

  private static NextWork ifCovered(StudyView study, long cost, NextWork work) {
    return covers(study, cost) ? work : new Nothing();
  }

  private static boolean covers(StudyView study, long cost) {
    var limit = study.plan().budget().resource();
    return limit.isEmpty() || study.resourceTaken() + cost <= limit.getAsLong();
  }

  private static Trial trial(StudyView study, int number) {
    Trial trial = study.trial(number);
    if (trial == null) {
      throw new IllegalStateException("expected trial " + number + ", but there is none");
    }
    return trial;
  }
}
