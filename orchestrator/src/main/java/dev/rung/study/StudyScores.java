package dev.rung.study;

import dev.rung.halving.Curve;
import dev.rung.halving.Ladder;
import dev.rung.halving.Rung;
import dev.rung.halving.Score;
import dev.rung.study.StudyEvent.Verdict;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/** What trials reported and were scored, and the rungs that this entered. */
abstract sealed class StudyScores extends StudyFields permits StudyState {
  private static final int MOST_METRIC_NAMES = 64;

  void record(StudyEvent.EntriesRecorded e) {
    Trial trial = existing(e.attempt().trial());
    Attempt attempt = existing(e.attempt());
    for (Entry entry : e.entries()) {
      switch (entry) {
        case Entry.Point point -> measure(trial, attempt, point);
        case Entry.Saved(Entry.Checkpoint checkpoint) -> {
          trial.keep(trial.fallback().with(checkpoint, nextMilestone(this, trial, attempt)));
          trial.lostInRow = 0;
        }
        case Entry.Ended ended -> {
          // AttemptEnded follows in the same batch and says what becomes of the trial.
        }
      }
    }
    attempt.ackedSeq = e.firstSeq() + e.entries().size() - 1;
  }

  /** Where the trial is judged next: a trainer may train on for a while after its PAUSE. */
  static long nextMilestone(StudyView study, Trial trial, Attempt attempt) {
    if (attempt.verdict != Verdict.PAUSE) {
      return attempt.milestone;
    }
    Ladder ladder = study.bracketOf(trial.number).ladder();
    return trial.rung < ladder.top() ? ladder.level(trial.rung + 1) : Long.MAX_VALUE;
  }

  private void measure(Trial trial, Attempt attempt, Entry.Point point) {
    for (String name : point.metrics().keySet()) {
      if (metricNames.size() < MOST_METRIC_NAMES) {
        metricNames.add(name);
      }
    }
    if (point.cost().isPresent() && point.cost().getAsDouble() > attempt.cost) {
      cost += point.cost().getAsDouble() - attempt.cost;
      attempt.cost = point.cost().getAsDouble();
    }
    if (point.step() < attempt.lastStep) {
      return;
    }
    if (point.step() > attempt.lastStep) {
      attempt.atLastStep.clear();
      resourceSpentLive += point.step() - attempt.lastStep;
      resourceReserved -= attempt.held();
      attempt.lastStep = point.step();
      resourceReserved += attempt.held();
    }
    trial.step = Math.max(trial.step, point.step());
    Objectives.merge(plan(), attempt.atLastStep, point.metrics());
    if (!Objectives.complete(plan(), attempt.atLastStep)) {
      return;
    }
    Score score = Objectives.score(plan(), attempt.atLastStep);
    if (rule().readsCurves() && score.isFinite()) {
      if (trial.curve == null) {
        trial.curve = new Curve();
      }
      trial.curve.add(point.step(), plan().objective().loss(score.value()));
    }
    findBest(trial, point.step(), score, attempt.atLastStep);
  }

  /** What misses a constraint, or waits for a metric, is never the best. */
  private void findBest(Trial trial, long step, Score score, Map<String, Double> metrics) {
    double loss = plan().objective().loss(score.value());
    if (!score.isFinite() || score.violation() > 0) {
      return;
    }
    if (loss < trial.bestLoss) {
      trial.bestLoss = loss;
      trial.best = new Best(trial.number, step, metrics);
    }
    if (loss < bestLoss) {
      bestLoss = loss;
      best = trial.best;
      sinceBest = 0;
    }
  }

  void enter(StudyEvent.RungEntered e) {
    Trial trial = existing(e.trial());
    Score score = Objectives.entered(plan(), e);
    double[] losses = Objectives.losses(plan(), score);
    double spent = trial.attempts.stream().mapToDouble(attempt -> attempt.cost).sum();
    for (int k = e.fromRung(); k <= e.toRung(); k++) {
      Rung rung = rung(trial, k);
      if (!rung.contains(e.trial())) {
        rung.insert(e.trial(), losses, score.violation(), spent);
      }
      if (k < e.toRung() || k < trial.rung) {
        rung.promote(e.trial(), false);
      }
    }
    trial.entering = e.toRung() + 1;
    trial.rung = Math.max(trial.rung, e.toRung());
  }

  void await(StudyEvent.MetricAwaited e) {
    Trial trial = existing(e.attempt().trial());
    Attempt attempt = existing(e.attempt());
    trial.awaited = new Awaited(e.step(), e.rung(), e.measured(), false);
    trial.rung = e.rung();
    attempt.verdict = Verdict.PAUSE;
    order(attempt, Order.Kind.PAUSE, 0, Reasons.awaits(plan(), e.level()));
  }

  void put(StudyEvent.MetricPut e) {
    Trial trial = existing(e.trial());
    Awaited awaited = Objects.requireNonNull(trial.awaited);
    if (e.replaces() && awaited.judged()) {
      forgetBest(trial);
      rung(trial, awaited.rung()).remove(trial.number);
      trial.entering = Math.min(trial.entering, awaited.rung());
      if (trial.status == TrialStatus.PAUSED) {
        become(trial, TrialStatus.AWAITING_METRIC, "scored again");
      }
    }
    Map<String, Double> known = new HashMap<>(awaited.known());
    known.put(e.metric(), e.value());
    boolean complete =
        plan().objectives().stream().allMatch(objective -> known.containsKey(objective.name()));
    trial.awaited = new Awaited(awaited.step(), awaited.rung(), known, complete);
    if (complete) {
      known.keySet().retainAll(objectiveNames());
      findBest(trial, awaited.step(), Objectives.score(plan(), trial.awaited.known()), known);
    }
  }

  private Set<String> objectiveNames() {
    return plan().objectives().stream().map(StudyPlan.Objective::name).collect(Collectors.toSet());
  }

  /** Takes back all that a trial counted for. */
  void withdraw(Trial trial) {
    clones -= trial.parent == 0 ? 0 : 1;
    bracketOf(trial.number).withdraw(trial.number);
    trial.entering = 0;
    forgetBest(trial);
  }

  /** The best of the study is one of the others' then. */
  private void forgetBest(Trial trial) {
    trial.best = null;
    trial.bestLoss = Double.POSITIVE_INFINITY;
    bestLoss = Double.POSITIVE_INFINITY;
    best = null;
    for (Trial other : trials()) {
      if (other.bestLoss < bestLoss) {
        bestLoss = other.bestLoss;
        best = other.best;
      }
    }
  }

  void become(Trial trial, TrialStatus status, String reason) {
    boolean isBest = best != null && best.trial() == trial.number;
    if (status.isClosed() && !trial.status.isClosed() && !isBest) {
      sinceBest++;
    }
    counts.merge(trial.status, -1, Integer::sum);
    counts.merge(status, 1, Integer::sum);
    trial.status = status;
    trial.reason = reason;
  }

  static void order(Attempt attempt, Order.Kind kind, long milestone, String reason) {
    attempt.order = attempt.nextOrder(kind, milestone, reason);
  }

  Rung rung(Trial trial, int rung) {
    return bracketOf(trial.number).rungs().get(rung);
  }

  Trial existing(int number) {
    return Objects.requireNonNull(trial(number), () -> "no trial " + number);
  }

  Attempt existing(AttemptRef ref) {
    return Objects.requireNonNull(existing(ref.trial()).attempt(ref.attempt()), ref::toString);
  }
}
