package dev.rung.study;

import dev.rung.halving.BracketView;
import dev.rung.halving.HalvingRule.Promotion;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

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
   * @param reach of the slot
   */
  static NextWork of(StudyView study, int candidate, Reach reach) {
    if (study.status() != StudyStatus.RUNNING) {
      return new Nothing();
    }
    if (candidate < 0 && freeSlots(study) <= 0) {
      return new Nothing();
    }
    for (int number : study.waiting()) {
      Trial trial = trial(study, number);
      if (reach.allows(resume(study, trial, trial.rung()))) {
        return ifCovered(study, cost(study, trial, trial.rung()), new GoOn(number));
      }
    }
    NextWork begin = begin(study, reach);
    Optional<Promotion> promotion = promotion(study, candidate, reach);
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

  private static NextWork begin(StudyView study, Reach reach) {
    for (int trial : study.suggested().keySet()) {
      Lineage lineage = study.cloned().get(trial);
      if (reach.allows(lineage == null ? null : lineage.checkpoint())) {
        long level = study.bracketOf(trial).ladder().level(Leasing.firstRung(study, trial));
        long from = lineage == null ? 0 : lineage.checkpoint().step();
        return ifCovered(study, level - from, new Begin(trial));
      }
    }
    return new Nothing();
  }

  /** The promotion of the bracket in which it leads highest, of those that the slot reaches. */
  private static Optional<Promotion> promotion(StudyView study, int candidate, Reach reach) {
    Optional<Promotion> best = Optional.empty();
    long highest = 0;
    for (BracketView bracket : study.brackets()) {
      Optional<Promotion> next = study.rule().next(bracket, candidate);
      if (next.isPresent()
          && (next.get().trial() == candidate || reach.allows(resume(study, next.get())))
          && bracket.ladder().level(next.get().rung() + 1) > highest) {
        best = next;
        highest = bracket.ladder().level(next.get().rung() + 1);
      }
    }
    return best;
  }

  /** Whether a trial could be promoted now, whatever it costs. */
  static boolean hasPromotion(StudyView study) {
    return promotion(study, -1, Reach.ANYWHERE).isPresent();
  }

  /**
   * How many slots the study could use at once now: of each node that holds checkpoints of trials
   * that go on next, by its name, and by the empty name of any node.
   *
   * @param gone nodes that were not heard of for too long
   */
  static Map<String, Integer> demand(StudyView study, Set<String> gone) {
    Map<String, Integer> slots = new TreeMap<>();
    for (int number : study.waiting()) {
      Trial trial = trial(study, number);
      count(slots, resume(study, trial, trial.rung()), 1, gone);
    }
    for (int number : study.suggested().keySet()) {
      Lineage lineage = study.cloned().get(number);
      count(slots, lineage == null ? null : lineage.checkpoint(), 1, gone);
    }
    for (BracketView bracket : study.brackets()) {
      // The others follow the first: which node they are tied to shows once it is promoted.
      Optional<Promotion> next = study.rule().next(bracket, -1);
      if (next.isPresent()) {
        count(slots, resume(study, next.get()), study.rule().promotable(bracket), gone);
      }
    }
    int most = freeSlots(study);
    slots.keySet().removeIf(node -> of(study, -1, new Reach(node, gone)) instanceof Nothing);
    slots.replaceAll((node, count) -> Math.min(count, most));
    return slots;
  }

  private static void count(
      Map<String, Integer> slots, Entry.@Nullable Checkpoint resume, int count, Set<String> gone) {
    boolean anywhere = Reach.elsewhere(gone).allows(resume);
    slots.merge(anywhere || resume == null ? "" : tie(resume), count, Integer::sum);
  }

  private static String tie(Entry.Checkpoint checkpoint) {
    return checkpoint.node() == null ? "" : checkpoint.node();
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

  private static Entry.@Nullable Checkpoint resume(StudyView study, Promotion promotion) {
    return resume(study, trial(study, promotion.trial()), promotion.rung() + 1);
  }

  /** What a trial goes on from towards a rung. */
  private static Entry.@Nullable Checkpoint resume(StudyView study, Trial trial, int rung) {
    return trial.resumeFor(study.bracketOf(trial.number()).ladder().level(rung));
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
