package dev.rung.study;

import dev.rung.halving.Ladder;
import dev.rung.study.StudyCommand.EnterRung;
import dev.rung.study.StudyEvent.Closing;
import dev.rung.study.StudyEvent.LadderSet;
import dev.rung.study.StudyEvent.PlanChanged;
import dev.rung.study.StudyEvent.TrialsClosed;
import dev.rung.study.StudyReply.Done;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Changes what a living or ended study is to do. What has been decided stands. */
final class Changing {
  private Changing() {}

  static Decision decide(StudyView study, StudyCommand.Change c, Numbering n) {
    StudyPlan before = study.plan();
    StudyPlan after = c.plan();
    if (before.equals(after) && !c.dropOutside()) {
      return Decision.reply(new Done());
    }
    boolean isStale =
        c.before().isPresent() && !c.before().get().equals(before) && !before.equals(after);
    if (isStale) {
      return Decision.rejected(
          ErrorCode.CONFLICT, "the study was changed meanwhile by somebody else; try again");
    }
    Optional<Decision> refusal = Changeable.refusal(study, after);
    if (refusal.isPresent()) {
      return refusal.get();
    }
    List<Integer> dropped = c.dropOutside() ? outside(study, after) : List.of();
    String change = PlanDifference.of(before, after);
    if (change.isEmpty() && dropped.isEmpty()) {
      return Decision.reply(new Done());
    }
    String text = change.isEmpty() ? "trials outside the space are over" : change;
    List<StudyEvent> events = new ArrayList<>();
    events.add(new PlanChanged(n.next(), n.time(), after, text, c.dropOutside(), c.source()));
    events.addAll(ladders(study, after, text, n));
    for (int from = 0; from < dropped.size(); from += Settling.CLOSED_AT_ONCE) {
      List<Closing> closings =
          dropped.subList(from, Math.min(from + Settling.CLOSED_AT_ONCE, dropped.size())).stream()
              .map(trial -> new Closing(trial, Optional.empty()))
              .toList();
      events.add(
          new TrialsClosed(n.next(), n.time(), closings, "closed, since it is outside the space"));
    }
    return new Decision(events, new Done(), List.of(), scored(study, after));
  }

  /** Ladders that the change makes longer, or that only keep another share from now on. */
  private static List<StudyEvent> ladders(
      StudyView study, StudyPlan after, String change, Numbering n) {
    List<StudyEvent> events = new ArrayList<>();
    boolean grows =
        after.resource().max() > study.plan().resource().max()
            && !Changeable.growsByItself(study.plan());
    boolean keepsOther = after.algorithm().eta() != study.plan().algorithm().eta();
    for (int bracket = 0; bracket < study.brackets().size(); bracket++) {
      Ladder ladder = study.brackets().get(bracket).ladder();
      if (grows) {
        Ladder longer = ladder.upTo(after.resource().max(), after.algorithm().eta());
        events.add(LadderSet.of(longer, bracket, change, n));
      } else if (keepsOther) {
        events.add(LadderSet.of(ladder.renewed(), bracket, change, n));
      }
    }
    return events;
  }

  /** Trials without a slot whose assignment the new space does not have. */
  private static List<Integer> outside(StudyView study, StudyPlan after) {
    boolean reopens = Reopening.isDue(study, after);
    List<Integer> outside = new ArrayList<>();
    for (Trial trial : study.trials()) {
      boolean isOpen =
          switch (trial.status()) {
            case WAITING, PAUSED, AWAITING_METRIC -> true;
            case STOPPED -> reopens && trial.closedByEnd;
            case RUNNING, COMPLETED, FAILED, INFEASIBLE -> false;
          };
      if (isOpen && !after.space().contains(trial.assignment())) {
        outside.add(trial.number());
      }
    }
    return outside;
  }

  /** Trials that were scored after the end, and are judged now that the study goes on. */
  private static List<StudyCommand> scored(StudyView study, StudyPlan after) {
    if (!Reopening.isDue(study, after)) {
      return List.of();
    }
    return study.trials().stream()
        .filter(Reopening::isScoredAfterEnd)
        .<StudyCommand>map(trial -> new EnterRung(trial.number()))
        .toList();
  }
}
