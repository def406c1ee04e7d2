package dev.rung.study;

import dev.rung.halving.Bracket;
import dev.rung.halving.Rung;
import dev.rung.space.Assignment;
import dev.rung.study.StudyEvent.Verdict;
import java.util.Objects;

/**
 * The state of one study. {@link #evolve} is the only way to change it, works in place, and takes
 * each event once: numbers already applied are ignored.
 */
public final class StudyState extends StudyScores {
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
      case StudyEvent.CheckpointLost e -> {
        Trial trial = existing(e.trial());
        trial.keep(trial.fallback().without(e.lost()));
      }
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
      case StudyEvent.YieldAsked e -> toYield = e.slots();
      case StudyEvent.AttemptYielded e ->
          order(existing(e.attempt()), Order.Kind.YIELD, 0, e.reason());
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
    attempt.settle(trial.best);
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
      case PREEMPTED, DIVERGED, NO_METRICS, BAD_CHECKPOINT -> {
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
    toYield = Math.max(0, toYield - 1);
    bySlot.remove(attempt.slot);
    resourceReserved -= attempt.held();
    resourceEnded += attempt.spent();
    resourceSpentLive -= attempt.spent();
  }
}
