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
import java.util.Set;
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
      if (reach.allows(resume(study, trial, trial.rung()))
          && reach.fits(StudyKernel.request(study, trial.assignment()))) {
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
    for (Map.Entry<Integer, Assignment> suggested : study.suggested().entrySet()) {
      int trial = suggested.getKey();
      Lineage lineage = study.cloned().get(trial);
      if (reach.allows(lineage == null ? null : lineage.checkpoint())
          && reach.fits(StudyKernel.request(study, suggested.getValue()))) {
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
          && (next.get().trial() == candidate || isWithin(study, next.get(), reach))
          && bracket.ladder().level(next.get().rung() + 1) > highest) {
        best = next;
        highest = bracket.ladder().level(next.get().rung() + 1);
      }
    }
    return best;
  }

  private static boolean isWithin(StudyView study, Promotion promotion, Reach reach) {
    return reach.allows(resume(study, promotion)) && reach.fits(request(study, promotion.trial()));
  }

  private static SlotRequest request(StudyView study, int trial) {
    return StudyKernel.request(study, trial(study, trial).assignment());
  }

  /** Whether a trial could be promoted now, whatever it costs. */
  static boolean hasPromotion(StudyView study) {
    return promotion(study, -1, Reach.ANYWHERE).isPresent();
  }

  /**
   * What slots the study could use at once now, those first that are used first.
   *
   * @param gone nodes that were not heard of for too long
   */
  static List<SlotGroup> demand(StudyView study, Set<String> gone) {
    Map<SlotGroup, Integer> counts = new LinkedHashMap<>();
    for (int number : study.waiting()) {
      Trial trial = trial(study, number);
      SlotRequest request = StudyKernel.request(study, trial.assignment());
      count(counts, request, resume(study, trial, trial.rung()), 1, gone);
    }
    for (BracketView bracket : study.brackets()) {
      // The others follow the first: what they need shows once it is promoted.
      Optional<Promotion> next = study.rule().next(bracket, -1);
      if (next.isPresent()) {
        SlotRequest request = request(study, next.get().trial());
        int promotable = study.rule().promotable(bracket);
        count(counts, request, resume(study, next.get()), promotable, gone);
      }
    }
    study
        .suggested()
        .forEach((number, assignment) -> {
          Lineage lineage = study.cloned().get(number);
          SlotRequest request = StudyKernel.request(study, assignment);
          count(counts, request, lineage == null ? null : lineage.checkpoint(), 1, gone);
        });
    List<SlotGroup> groups = new ArrayList<>();
    int left = freeSlots(study);
    for (Map.Entry<SlotGroup, Integer> entry : counts.entrySet()) {
      SlotGroup group = entry.getKey();
      Reach reach = new Reach(group.node(), gone, Optional.of(SlotOffer.of(group.request())));
      if (left > 0
          && groups.size() < SlotGroup.MOST
          && !(of(study, -1, reach) instanceof Nothing)) {
        groups.add(group.of(Math.min(left, entry.getValue())));
        left -= Math.min(left, entry.getValue());
      }
    }
    return groups;
  }

  private static void count(
      Map<SlotGroup, Integer> counts,
      SlotRequest request,
      Entry.@Nullable Checkpoint resume,
      int count,
      Set<String> gone) {
    boolean anywhere = Reach.elsewhere(gone).allows(resume);
    String node = anywhere || resume == null ? "" : tie(resume);
    counts.merge(new SlotGroup(request, node, 0), count, Integer::sum);
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
