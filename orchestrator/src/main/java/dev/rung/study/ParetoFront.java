package dev.rung.study;

import static java.util.Objects.requireNonNull;

import dev.rung.halving.Rung;
import dev.rung.halving.Score;
import dev.rung.study.StudySummary.Leader;
import dev.rung.study.StudyView.Best;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The trials of a study that no other dominates, each at its newest point. */
final class ParetoFront {
  /** Most trials that are named. */
  private static final int MOST = 1_000;

  private ParetoFront() {}

  /** The front, spread evenly from its first; what misses a constraint is not in it. */
  static List<Leader> of(StudyView study) {
    Rung rung = Rung.of(study.plan().objectives().size());
    Map<Integer, Best> points = new HashMap<>();
    for (Trial trial : study.trials()) {
      Best point = newest(study.plan(), trial);
      if (point != null) {
        Score score = Objectives.score(study.plan(), point.metrics());
        rung.insert(trial.number(), Objectives.losses(study.plan(), score), score.violation());
        points.put(trial.number(), point);
      }
    }
    List<Leader> front = new ArrayList<>();
    for (int rank = 0; rank < Math.min(rung.size(), MOST); rank++) {
      int trial = rung.trialAt(rank);
      if (rung.front(trial) > 0 || rung.violation(trial) > 0 || !rung.isFinite(trial)) {
        break;
      }
      front.add(
          new Leader(
              requireNonNull(points.get(trial)), StudyKernel.existing(study, trial).assignment()));
    }
    return front;
  }

  private static @Nullable Best newest(StudyPlan plan, Trial trial) {
    if (trial.status() == TrialStatus.INFEASIBLE) {
      return null;
    }
    Awaited awaited = trial.awaited();
    if (plan.isScoredLater()) {
      return awaited == null || !awaited.judged()
          ? null
          : new Best(trial.number(), awaited.step(), awaited.known());
    }
    for (int i = trial.attempts.size() - 1; i >= 0; i--) {
      Attempt attempt = trial.attempts.get(i);
      if (Objectives.complete(plan, attempt.atLastStep)) {
        return new Best(trial.number(), attempt.lastStep(), attempt.atLastStep);
      }
    }
    return null;
  }
}
