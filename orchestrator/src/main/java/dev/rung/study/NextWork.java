package dev.rung.study;

import dev.rung.halving.BracketView;
import dev.rung.halving.HalvingRule.Promotion;
import dev.rung.space.Assignment;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
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
    OptionalInt waiting = waiting(study, reach);
    if (waiting.isPresent()) {
      int number = waiting.getAsInt();
      return ifCovered(
          study, cost(study, number, trial(study, number).rung(), reach), new GoOn(number));
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
            : cost(study, p.trial(), p.rung() + 1, reach);
    return ifCovered(study, cost, new Promote(p));
  }

  /** Whether a new trial would head for a lower rung than one that may be promoted. */
  private static boolean isBehind(StudyView study, NextWork begin, Promotion promotion) {
    return begin instanceof Begin(int trial) && Leasing.firstRung(study, trial) <= promotion.rung();
  }

  /** The trial that goes on: of the first few one that the slot's node has trained last. */
  private static OptionalInt waiting(StudyView study, Reach reach) {
    OptionalInt first = OptionalInt.empty();
    int seen = 0;
    for (int number : study.waiting()) {
      Trial trial = trial(study, number);
      if (isWithin(study, number, trial.rung(), trial.assignment(), reach)) {
        if (Homes.of(trial, resume(study, number, trial.rung())).equals(reach.node())) {
          return OptionalInt.of(number);
        }
        first = first.isPresent() ? first : OptionalInt.of(number);
      }
      seen++;
      if (first.isPresent() && seen >= SlotGroup.MOST) {
        break;
      }
    }
    return first;
  }

  private static NextWork begin(StudyView study, Reach reach) {
    for (Map.Entry<Integer, Assignment> suggested : study.suggested().entrySet()) {
      int trial = suggested.getKey();
      int rung = Leasing.firstRung(study, trial);
      if (isWithin(study, trial, rung, suggested.getValue(), reach)) {
        return ifCovered(study, cost(study, trial, rung, reach), new Begin(trial));
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
          && (next.get().trial() == candidate || isWithin(study, next.get(), reach))
          && bracket.ladder().level(next.get().rung() + 1) > highest) {
        best = next;
        highest = bracket.ladder().level(next.get().rung() + 1);
      }
    }
    return best;
  }

  private static boolean isWithin(StudyView study, Promotion promotion, Reach reach) {
    int trial = promotion.trial();
    Assignment assignment = trial(study, trial).assignment();
    return isWithin(study, trial, promotion.rung() + 1, assignment, reach);
  }

  /**
   * Whether a trial may use a slot on its way to a rung. One that would give its checkpoint up for
   * it waits for its node where the budget does not cover what is to be trained again.
   */
  private static boolean isWithin(
      StudyView study, int trial, int rung, Assignment assignment, Reach reach) {
    Entry.Checkpoint resume = resume(study, trial, rung);
    return reach.allows(trial, resume)
        && reach.fits(StudyKernel.request(study, assignment))
        && (reach.has(resume) || covers(study, cost(study, trial, rung, reach)));
  }

  /** Whether a trial could be promoted now, whatever it costs. */
  static boolean hasPromotion(StudyView study) {
    return promotion(study, -1, Reach.ANYWHERE).isPresent();
  }

  /** What slots the study could use at once now, those first that are used first. */
  static List<SlotGroup> demand(StudyView study, Missed missed) {
    Map<SlotGroup, Integer> counts = new LinkedHashMap<>();
    for (int number : study.waiting()) {
      Trial trial = trial(study, number);
      count(counts, group(study, number, trial.rung(), trial.assignment(), missed), 1);
    }
    for (BracketView bracket : study.brackets()) {
      // The others follow the first: what they need shows once it is promoted.
      Optional<Promotion> next = study.rule().next(bracket, -1);
      if (next.isPresent()) {
        Trial trial = trial(study, next.get().trial());
        int rung = next.get().rung() + 1;
        SlotGroup first = group(study, trial.number(), rung, trial.assignment(), missed);
        int others = study.rule().promotable(bracket) - 1;
        count(counts, first, 1);
        if (others > 0) {
          count(counts, first.tied() ? first : first.anywhere(), others);
        }
      }
    }
    study
        .suggested()
        .forEach((number, assignment) -> {
          int rung = Leasing.firstRung(study, number);
          count(counts, group(study, number, rung, assignment, missed), 1);
        });
    List<SlotGroup> groups = new ArrayList<>();
    int left = freeSlots(study);
    for (Map.Entry<SlotGroup, Integer> entry : counts.entrySet()) {
      SlotGroup group = entry.getKey();
      // Many that wait for single nodes must not hide those that any slot will do for.
      int most = group.node().isEmpty() ? SlotGroup.MOST : SlotGroup.MOST / 2;
      Reach reach = new Reach(group.node(), missed, Optional.of(SlotOffer.of(group.request())));
      if (left > 0 && groups.size() < most && !(of(study, -1, reach) instanceof Nothing)) {
        groups.add(group.of(Math.min(left, entry.getValue())));
        left -= Math.min(left, entry.getValue());
      }
    }
    return groups;
  }

  /** What slots will do for a trial on its way to a rung. */
  private static SlotGroup group(
      StudyView study, int number, int rung, Assignment assignment, Missed missed) {
    Trial trial = study.trial(number);
    Entry.Checkpoint resume = resume(study, number, rung);
    return Homes.group(
        StudyKernel.request(study, assignment),
        resume,
        trial == null ? "" : Homes.of(trial, resume),
        !isWithin(study, number, rung, assignment, Reach.elsewhere(missed)),
        missed);
  }

  private static void count(Map<SlotGroup, Integer> counts, SlotGroup group, int count) {
    boolean isMany = group.prefers() && counts.size() >= SlotGroup.MOST / 2;
    counts.merge((isMany ? group.anywhere() : group).of(0), count, Integer::sum);
  }

  /** Trials that could go on now if the node had a slot whose disk keeps their checkpoint. */
  static Map<Integer, String> tied(StudyView study) {
    Map<Integer, String> tied = new TreeMap<>();
    if (study.status() != StudyStatus.RUNNING || freeSlots(study) <= 0) {
      return tied;
    }
    for (int number : study.waiting()) {
      tie(tied, number, resume(study, number, trial(study, number).rung()));
    }
    for (BracketView bracket : study.brackets()) {
      study
          .rule()
          .next(bracket, -1)
          .ifPresent(next -> tie(tied, next.trial(), resume(study, next)));
    }
    study.cloned().forEach((number, lineage) -> tie(tied, number, lineage.checkpoint()));
    return tied;
  }

  private static void tie(
      Map<Integer, String> tied, int trial, Entry.@Nullable Checkpoint checkpoint) {
    if (checkpoint != null && checkpoint.node() != null) {
      tied.put(trial, checkpoint.node());
    }
  }

  /** How many attempts more may run at the same time. */
  static int freeSlots(StudyView study) {
    OptionalInt parallel = study.plan().budget().parallel();
    return parallel.isEmpty() ? Integer.MAX_VALUE : parallel.getAsInt() - study.running().size();
  }

  /** What a trial trains towards a rung that goes on from what its slot reaches. */
  private static long cost(StudyView study, int trial, int rung, Reach reach) {
    long milestone = study.bracketOf(trial).ladder().level(rung);
    Entry.Checkpoint resume =
        Leasing.checkpoints(study, trial).within(milestone, reach).resumeFor(milestone);
    return milestone - (resume == null ? 0 : resume.step());
  }

  private static Entry.@Nullable Checkpoint resume(StudyView study, Promotion promotion) {
    return resume(study, promotion.trial(), promotion.rung() + 1);
  }

  /** What a trial goes on from towards a rung. */
  private static Entry.@Nullable Checkpoint resume(StudyView study, int trial, int rung) {
    long milestone = study.bracketOf(trial).ladder().level(rung);
    return Leasing.checkpoints(study, trial).resumeFor(milestone);
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
