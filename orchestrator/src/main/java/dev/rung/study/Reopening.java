package dev.rung.study;

import dev.rung.halving.Ladder;
import dev.rung.halving.Rung;
import dev.rung.space.Assignment;
import java.util.List;

/** Lets a study go on that its budget had ended, with the trials that only the end closed. */
final class Reopening {
  private Reopening() {}

  /** Whether a study goes on with another plan. */
  static boolean isDue(StudyView study, StudyPlan after) {
    StudyPlan before = study.plan();
    boolean adds =
        !before.budget().equals(after.budget())
            || !before.space().equals(after.space())
            || after.resource().max() > before.resource().max();
    return adds
        && switch (study.status()) {
          case ENDED -> true;
          case STOPPING -> study.endReason() != null && study.endReason().isOfBudget();
          case EMPTY, RUNNING, PAUSED -> false;
        };
  }

  /** Whether a trial got its last score after the study had ended, so that no rung has it. */
  static boolean isScoredAfterEnd(Trial trial) {
    return trial.closedByEnd
        && trial.awaited != null
        && trial.awaited.judged()
        && trial.entering <= trial.awaited.rung();
  }

  /** Applies it. */
  static void apply(StudyState study) {
    boolean wasEnded = study.status == StudyStatus.ENDED;
    study.status = StudyStatus.RUNNING;
    study.endReason = null;
    study.reason = "";
    for (Trial trial : study.trials()) {
      if (trial.closedByEnd) {
        trial.closedByEnd = false;
        reopen(study, trial);
      }
    }
    if (wasEnded) {
      beginAnew(study);
    }
  }

  private static void reopen(StudyState study, Trial trial) {
    Rung rung = study.rung(trial, trial.rung);
    boolean entered = rung.contains(trial.number);
    boolean awaits =
        trial.awaited != null
            && (!trial.awaited.judged() || trial.entering <= trial.awaited.rung());
    if (awaits) {
      study.become(trial, TrialStatus.AWAITING_METRIC, "");
    } else if (entered && !rung.isPromoted(trial.number)) {
      rung.setOpen(trial.number, true);
      study.become(trial, TrialStatus.PAUSED, "");
    } else if (!entered) {
      study.waiting.add(trial.number);
      study.become(trial, TrialStatus.WAITING, "");
    }
  }

  /** The end dropped what had no slot: numbers behind the last trial are given once more. */
  private static void beginAnew(StudyState study) {
    List<Assignment> first = study.plan().first();
    for (int i = 0; i < first.size(); i++) {
      if (study.trial(i + 1) == null) {
        study.suggested.put(i + 1, first.get(i));
      }
    }
    study.nextTrial = Math.max(study.trials.size(), first.size()) + 1;
  }

  /** With a longer ladder the best at the level that was the highest may train on. */
  static void openTops(StudyState study) {
    for (Trial trial : study.trials()) {
      Ladder ladder = study.bracketOf(trial.number).ladder();
      if (trial.status == TrialStatus.COMPLETED && trial.rung == ladder.top()) {
        Rung rung = study.rung(trial, trial.rung);
        boolean mayGoOn =
            trial.lastAttempt().stopCause == Cause.COMPLETED
                && rung.contains(trial.number)
                && Double.isFinite(rung.loss(trial.number));
        if (mayGoOn) {
          rung.setOpen(trial.number, true);
          study.become(trial, TrialStatus.PAUSED, "may go on to a higher level");
        }
      }
    }
  }
}
