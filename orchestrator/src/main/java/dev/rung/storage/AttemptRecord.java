package dev.rung.storage;

import dev.rung.halving.Score;
import dev.rung.study.Entry;
import dev.rung.study.Objectives;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyPlan;
import java.util.HashMap;
import java.util.Map;

/** An attempt's row. */
final class AttemptRecord {
  boolean isNew;
  String node = "";
  long leased;
  long ended;
  String verdict = "";
  String cause = "";
  String message = "";
  long startStep;
  long lastStep;
  Map<String, Double> latest = new HashMap<>();

  void judge(StudyEvent.Verdict what) {
    verdict = what.name();
  }

  boolean isJudged() {
    return !verdict.isEmpty();
  }

  void end(long time, String why, String said) {
    ended = time;
    cause = why;
    message = said;
  }

  /** Takes a point over into what is known, as the study's state does. */
  void measure(StudyPlan plan, TrialRecord trial, Entry.Point point) {
    if (point.step() < lastStep) {
      return;
    }
    if (point.step() > lastStep) {
      latest.clear();
      lastStep = point.step();
    }
    trial.step = Math.max(trial.step, point.step());
    Objectives.merge(plan, latest, point.metrics());
    if (!plan.isScoredLater() && Objectives.complete(plan, latest)) {
      compare(plan, trial);
    }
  }

  /**
   * Takes a metric from outside over, as the study's state does.
   *
   * @param replaces whether it takes the place of one that came before
   */
  void score(StudyPlan plan, TrialRecord trial, String metric, double value, boolean replaces) {
    if (replaces && isWhole(plan)) {
      trial.best = null;
    }
    latest.put(metric, value);
    if (isWhole(plan)) {
      compare(plan, trial);
    }
  }

  private boolean isWhole(StudyPlan plan) {
    return Objectives.complete(plan, latest)
        && plan.objectives().stream().allMatch(o -> latest.containsKey(o.name()));
  }

  private void compare(StudyPlan plan, TrialRecord trial) {
    Score score = Objectives.score(plan, latest);
    boolean counts = score.isFinite() && score.violation() == 0;
    StudyPlan.Objective deciding = plan.objective();
    if (counts
        && (trial.best == null || deciding.loss(score.value()) < deciding.loss(trial.best))) {
      trial.best = score.value();
    }
  }
}
