package dev.rung.study;

import dev.rung.halving.Bracket;
import dev.rung.halving.Curve;
import dev.rung.halving.Ladder;
import dev.rung.halving.Rung;
import dev.rung.halving.Score;
import dev.rung.space.Assignment;
import dev.rung.study.StudyEvent.Verdict;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The state of one study. {@link #evolve} is the only way to change it, works in place, and takes
 * each event once: numbers already applied are ignored.
 */
public final class StudyState extends StudyFields {
  private static final int MOST_METRIC_NAMES = 64;
  private static final int EARLY_TRIALS = 20;

  /** Nodes whose record is kept: those on which attempts ended last. */
  private static final int MOST_NODES = 1_024;

  /** Applies an event; one whose number was applied before changes nothing. */
  public StudyState evolve(StudyEvent event) {
    if (event.number() <= lastNumber) {
      return this;
    }
    if (event.number() != lastNumber + 1) {
      throw new IllegalStateException(
          "expected event %d of study %s, but came %d"
              .formatted(lastNumber + 1, study, event.number()));
    }
    apply(event);
    if (plan().searchLearns()) {
      Observing.of(this, event).forEach(shown -> observed.add(event.number(), shown));
    }
    lastNumber = event.number();
    lastTime = event.time();
    return this;
  }

  /** Applies the events of a commit. */
  public StudyState evolve(Commit commit) {
    commit.events().forEach(this::evolve);
    return this;
  }

  private void apply(StudyEvent event) {
    switch (event) {
      case StudyEvent.StudyCreated e -> {
        study = e.study();
        plan = e.plan();
        source = e.source();
        rule = e.plan().rule();
        createdAt = e.time();
        status = StudyStatus.RUNNING;
      }
      case StudyEvent.LadderSet e -> {
        if (e.bracket() < brackets.size()) {
          brackets.get(e.bracket()).change(e.ladder(), e.evidence());
        } else {
          brackets.add(
              new Bracket(e.ladder(), e.evidence(), plan().objectives().size(), new Field()));
        }
      }
      case StudyEvent.SuggestionAsked e -> {
        asked.put(e.trial(), e.basis());
        nextTrial = e.trial() + 1;
      }
      case StudyEvent.TrialSuggested e -> {
        asked.remove(e.trial());
        suggested.put(e.trial(), e.assignment());
        nextTrial = Math.max(nextTrial, e.trial() + 1);
      }
      case StudyEvent.SpaceExhausted e -> {
        exhausted = true;
        asked.tailMap(e.trial()).clear();
      }
      case StudyEvent.TrialPromoted e -> {
        Trial trial = existing(e.trial());
        rung(trial, e.evidence().rung()).promote(e.trial(), e.carried().isEmpty());
        trial.rung = e.evidence().rung() + 1;
      }
      case StudyEvent.AttemptLeased e -> lease(e);
      case StudyEvent.AttemptReleased e -> release(e);
      case StudyEvent.EntriesRecorded e -> record(e);
      case StudyEvent.LateEntriesRecorded e ->
          existing(e.attempt()).ackedSeq = e.firstSeq() + e.entries().size() - 1;
      case StudyEvent.RungEntered e -> enter(e);
      case StudyEvent.MetricAwaited e -> await(e);
      case StudyEvent.MetricPut e -> put(e);
      case StudyEvent.TrialScored e -> {
        Trial trial = existing(e.trial());
        if (trial.status == TrialStatus.AWAITING_METRIC) {
          rung(trial, trial.rung).setOpen(trial.number, e.next() == TrialStatus.PAUSED);
          become(trial, e.next(), "scored: " + Reasons.standing(e.evidence()));
        }
      }
      case StudyEvent.TrialCloned e -> {
        nextTrial = e.trial() + 1;
        clones++;
        suggested.put(e.trial(), e.assignment());
        cloned.put(e.trial(), new Lineage(e.parent(), e.rung(), e.checkpoint()));
      }
      case StudyEvent.PlanChanged e -> change(e);
      case StudyEvent.Judged e -> judge(e);
      case StudyEvent.AttemptEnded e -> end(e);
      case StudyEvent.TrialsClosed e -> {
        for (StudyEvent.Closing closing : e.trials()) {
          close(existing(closing.trial()), e.reason());
          existing(closing.trial()).closedByEnd = status == StudyStatus.STOPPING;
        }
      }
      case StudyEvent.TrialStopped e -> stop(e);
      case StudyEvent.TrialRetried e -> retry(existing(e.trial()));
      case StudyEvent.NodeExcluded e -> {
        NodeRecord node = nodes.computeIfAbsent(e.node(), name -> new NodeRecord());
        node.excludedUntil = e.until();
        node.clear();
      }
      case StudyEvent.StudyPaused e -> {
        status = StudyStatus.PAUSED;
        reason = e.reason();
      }
      case StudyEvent.StudyResumed e -> {
        status = StudyStatus.RUNNING;
        reason = "";
        userErrorsInRow = 0;
        infeasibleInRow = 0;
        earlyFailures = 0;
      }
      case StudyEvent.StudyStopping e -> {
        status = StudyStatus.STOPPING;
        endReason = e.reason();
        reason = e.reason().text();
        if (e.now()) {
          for (int number : running) {
            Attempt attempt = existing(number).lastAttempt();
            if (attempt.isToGoOn()) {
              order(attempt, Order.Kind.STOP, 0, Reasons.of(e.reason()));
            }
          }
        }
      }
      case StudyEvent.StudyEnded e -> {
        status = StudyStatus.ENDED;
        endReason = e.reason();
        reason = e.reason().text();
        clones -= cloned.size();
        cloned.clear();
        suggested.clear();
        asked.clear();
      }
    }
  }

  private void close(Trial trial, String why) {
    if (trial.status == TrialStatus.PAUSED) {
      rung(trial, trial.rung).setOpen(trial.number, false);
    }
    waiting.remove(trial.number);
    become(trial, TrialStatus.STOPPED, why);
  }

  private void stop(StudyEvent.TrialStopped e) {
    Trial trial = existing(e.trial());
    if (trial.status == TrialStatus.RUNNING) {
      order(trial.lastAttempt(), Order.Kind.STOP, 0, e.reason());
    } else {
      close(trial, e.reason());
    }
  }

  /** The failure that stands in its rung goes; what the trial did before stays. */
  private void retry(Trial trial) {
    Rung rung = rung(trial, trial.rung);
    if (rung.contains(trial.number) && !rung.isPromoted(trial.number)) {
      rung.remove(trial.number);
      trial.entering = trial.rung;
    }
    trial.lostInRow = 0;
    trial.outOfMemory = 0;
    trial.userErrors = 0;
    waiting.add(trial.number);
    become(trial, TrialStatus.WAITING, "to be retried");
  }

  private void lease(StudyEvent.AttemptLeased e) {
    int number = e.attempt().trial();
    Trial trial = trial(number);
    if (trial == null) {
      Assignment assignment = Objects.requireNonNull(suggested.remove(number));
      trial = new Trial(number, assignment);
      Lineage lineage = cloned.remove(number);
      if (lineage != null) {
        trial.parent = lineage.parent();
        trial.checkpoint = lineage.checkpoint();
        trial.step = lineage.checkpoint().step();
        trial.entering = e.rung();
      }
      while (trials.size() < number) {
        trials.add(null);
      }
      trials.set(number - 1, trial);
      counts.merge(trial.status, 1, Integer::sum);
      bracketOf(number).begin(number);
    }
    boolean movedBefore = trial.moved();
    Attempt attempt =
        new Attempt(
            e.attempt().attempt(), e.slot(), e.time(), e.startStep(), e.rung(), e.milestone());
    trial.attempts.add(attempt);
    trial.rung = e.rung();
    trial.awaited = null;
    become(trial, TrialStatus.RUNNING, "");
    waiting.remove(number);
    running.add(number);
    bySlot.put(e.slot(), e.attempt());
    resourceReserved += attempt.held();
    if (!movedBefore && trial.moved()) {
      movedTrials++;
    }
  }

  private void release(StudyEvent.AttemptReleased e) {
    Trial trial = existing(e.attempt().trial());
    Attempt attempt = existing(e.attempt());
    boolean movedBefore = trial.moved();
    attempt.released = true;
    attempt.endedAt = e.time();
    attempt.message = e.reason();
    if (movedBefore && !trial.moved()) {
      movedTrials--;
    }
    leave(trial, attempt);
    waiting.add(trial.number);
    become(trial, TrialStatus.WAITING, e.reason());
  }

  private void record(StudyEvent.EntriesRecorded e) {
    Trial trial = existing(e.attempt().trial());
    Attempt attempt = existing(e.attempt());
    for (Entry entry : e.entries()) {
      switch (entry) {
        case Entry.Point point -> measure(trial, attempt, point);
        case Entry.Saved(Entry.Checkpoint checkpoint) -> {
          if (trial.checkpoint == null || trial.checkpoint.step() < nextMilestone(trial, attempt)) {
            trial.earlierCheckpoint = trial.checkpoint;
          }
          trial.checkpoint = checkpoint;
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
  private long nextMilestone(Trial trial, Attempt attempt) {
    if (attempt.verdict != Verdict.PAUSE) {
      return attempt.milestone;
    }
    Ladder ladder = bracketOf(trial.number).ladder();
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

  private void enter(StudyEvent.RungEntered e) {
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

  private void await(StudyEvent.MetricAwaited e) {
    Trial trial = existing(e.attempt().trial());
    Attempt attempt = existing(e.attempt());
    trial.awaited = new Awaited(e.step(), e.rung(), e.measured(), false);
    trial.rung = e.rung();
    attempt.verdict = Verdict.PAUSE;
    order(attempt, Order.Kind.PAUSE, 0, Reasons.awaits(plan(), e.level()));
  }

  private void put(StudyEvent.MetricPut e) {
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

  private void change(StudyEvent.PlanChanged e) {
    StudyPlan before = plan();
    boolean reopens = Reopening.isDue(this, e.plan());
    plan = e.plan();
    rule = e.plan().rule();
    newestChange = e.change();
    if (!before.space().equals(e.plan().space())) {
      exhausted = false;
    }
    if (e.dropOutside()) {
      suggested
          .entrySet()
          .removeIf(entry ->
              !cloned.containsKey(entry.getKey()) && !e.plan().space().contains(entry.getValue()));
    }
    if (reopens) {
      Reopening.apply(this);
    }
    if (e.plan().resource().max() > before.resource().max()) {
      Reopening.openTops(this);
    }
  }

  private void judge(StudyEvent.Judged e) {
    Trial trial = existing(e.attempt().trial());
    Attempt attempt = existing(e.attempt());
    String text = Reasons.of(e);
    switch (e.verdict()) {
      case CONTINUE -> {
        rung(trial, trial.rung).promote(trial.number, e.carried().isEmpty());
        trial.rung++;
        attempt.rung = trial.rung;
        resourceReserved -= attempt.held();
        attempt.milestone = e.milestone();
        resourceReserved += attempt.held();
        order(attempt, Order.Kind.CONTINUE, e.milestone(), text);
      }
      case PAUSE -> {
        attempt.verdict = Verdict.PAUSE;
        order(attempt, Order.Kind.PAUSE, 0, text);
      }
      case STOP -> {
        attempt.verdict = Verdict.STOP;
        attempt.stopCause = e.cause();
        order(attempt, Order.Kind.STOP, 0, text);
      }
    }
  }

  private void end(StudyEvent.AttemptEnded e) {
    Trial trial = existing(e.attempt().trial());
    Attempt attempt = existing(e.attempt());
    attempt.cause = e.cause();
    // The whole is in the journal; many failed attempts would fill the memory with it.
    attempt.message = Reasons.firstLine(e.message());
    attempt.endedAt = e.time();
    attempt.byServer = e.byServer();
    leave(trial, attempt);
    count(trial, e);
    count(attempt.slot.node(), e.cause());
    switch (e.next()) {
      case WAITING -> waiting.add(trial.number);
      case PAUSED -> rung(trial, trial.rung).setOpen(trial.number, true);
      case INFEASIBLE -> withdraw(trial);
      case RUNNING, AWAITING_METRIC, COMPLETED, STOPPED, FAILED -> {
        // Nothing to hold: the entries stand as they are.
      }
    }
    become(trial, e.next(), Reasons.of(e));
  }

  /** Takes back all that a trial counted for. */
  private void withdraw(Trial trial) {
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

  private void count(Trial trial, StudyEvent.AttemptEnded e) {
    switch (e.cause()) {
      case LOST -> trial.lostInRow++;
      case OUT_OF_MEMORY -> trial.outOfMemory++;
      case USER_ERROR -> {
        trial.userErrors++;
        userErrorsInRow++;
      }
      case COMPLETED, PAUSED, STOPPED -> {
        userErrorsInRow = 0;
        infeasibleInRow = 0;
      }
      case INFEASIBLE -> {
        infeasibleInRow++;
        lastFailure = e.message();
      }
      case PREEMPTED, DIVERGED, NO_METRICS -> {
        // These say nothing about the trainer's code or the machine.
      }
    }
    if (e.cause() == Cause.USER_ERROR || e.next() == TrialStatus.FAILED) {
      lastFailure = e.message().isEmpty() ? e.cause().name() : e.message();
    }
    if (e.next() == TrialStatus.FAILED) {
      if (trial.number <= EARLY_TRIALS) {
        earlyFailures++;
      }
    }
  }

  /** What an end says about its node: lost attempts, and assignments that fail, say nothing. */
  private void count(String name, Cause cause) {
    boolean failed = cause == Cause.USER_ERROR || cause == Cause.OUT_OF_MEMORY;
    boolean worked = cause == Cause.COMPLETED || cause == Cause.PAUSED || cause == Cause.STOPPED;
    if (!failed && !worked) {
      return;
    }
    NodeRecord node = nodes.remove(name);
    if (node == null) {
      node = new NodeRecord();
      if (nodes.size() >= MOST_NODES) {
        nodes.remove(nodes.keySet().iterator().next());
      }
    }
    node.add(failed);
    nodes.put(name, node);
  }

  /** Gives back what the attempt held. */
  private void leave(Trial trial, Attempt attempt) {
    running.remove(trial.number);
    bySlot.remove(attempt.slot);
    resourceReserved -= attempt.held();
    resourceEnded += attempt.spent();
    resourceSpentLive -= attempt.spent();
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

  private static void order(Attempt attempt, Order.Kind kind, long milestone, String reason) {
    attempt.order = attempt.nextOrder(kind, milestone, reason);
  }

  Rung rung(Trial trial, int rung) {
    return bracketOf(trial.number).rungs().get(rung);
  }

  private Trial existing(int number) {
    return Objects.requireNonNull(trial(number), () -> "no trial " + number);
  }

  private Attempt existing(AttemptRef ref) {
    return Objects.requireNonNull(existing(ref.trial()).attempt(ref.attempt()), ref::toString);
  }
}
