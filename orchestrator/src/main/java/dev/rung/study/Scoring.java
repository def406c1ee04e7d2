package dev.rung.study;

import static java.util.Objects.requireNonNull;

import dev.rung.halving.Evidence;
import dev.rung.halving.Score;
import dev.rung.study.StudyEvent.MetricAwaited;
import dev.rung.study.StudyEvent.MetricPut;
import dev.rung.study.StudyEvent.RungEntered;
import dev.rung.study.StudyEvent.TrialScored;
import dev.rung.study.StudyPlan.Objective;
import dev.rung.study.StudyReply.Done;
import dev.rung.study.StudyReply.Taken;
import java.util.List;
import java.util.Optional;

/** Metrics from outside: a trial at its milestone waits for them without a slot. */
final class Scoring {
  private Scoring() {}

  /** Whether a score lacks what comes from outside, and what the trainer sent is in order. */
  static boolean isToAwait(StudyPlan plan, Score score) {
    if (!plan.isScoredLater()) {
      return false;
    }
    for (int i = 0; i < plan.objectives().size(); i++) {
      if (!plan.objectives().get(i).isExternal() && !Double.isFinite(score.values().get(i))) {
        return false;
      }
    }
    return true;
  }

  /** The trial gives its slot back and waits. */
  static Decision await(StudyView study, StudyCommand.Judge c, int rung, Numbering n) {
    Attempt attempt = StudyKernel.existing(study, c.attempt().trial()).lastAttempt();
    long level = study.bracketOf(c.attempt().trial()).ladder().level(rung);
    Order order = attempt.nextOrder(Order.Kind.PAUSE, 0, Reasons.awaits(study.plan(), level));
    return Decision.of(
        new Taken(c.attempt(), attempt.ackedSeq(), false, Optional.of(order)),
        new MetricAwaited(
            n.next(), n.time(), c.attempt(), c.step(), rung, level, attempt.atLastStep));
  }

  /** Takes a metric; with the last one that was missing the trial enters its rung. */
  static Decision put(StudyView study, StudyCommand.PutMetric c, Numbering n) {
    Trial trial = study.trial(c.trial());
    if (trial == null) {
      return Decision.rejected(ErrorCode.NOT_FOUND, "there is no trial " + c.trial());
    }
    return refused(study, c, trial)
        .orElseGet(() -> {
          boolean replaces = requireNonNull(trial.awaited()).known().containsKey(c.metric());
          MetricPut put =
              new MetricPut(n.next(), n.time(), c.trial(), c.metric(), c.value(), replaces);
          boolean over = study.status() == StudyStatus.ENDED || trial.status().isClosed();
          return over
              ? Decision.of(new Done(), put)
              : Decision.of(new Done(), put)
                  .then(new StudyCommand.EnterRung(c.trial()), new StudyCommand.Revise());
        });
  }

  private static Optional<Decision> refused(
      StudyView study, StudyCommand.PutMetric c, Trial trial) {
    List<String> external =
        study.plan().objectives().stream()
            .filter(Objective::isExternal)
            .map(Objective::name)
            .toList();
    if (!external.contains(c.metric())) {
      return Optional.of(
          Decision.rejected(
              ErrorCode.INVALID,
              "expected a metric with source: external, of %s, but came %s"
                  .formatted(external, c.metric())));
    }
    Awaited awaited = trial.awaited();
    if (awaited == null) {
      return conflict(
          "expected a trial that waits for %s, but trial %d is %s"
              .formatted(c.metric(), c.trial(), trial.status()));
    }
    long level = study.bracketOf(c.trial()).ladder().level(awaited.rung());
    if (c.level().isPresent() && c.level().getAsLong() != level) {
      return conflict(
          "expected a score for rung %d, where trial %d waits, but it is for rung %d"
              .formatted(level, c.trial(), c.level().getAsLong()));
    }
    return awaited.known().containsKey(c.metric()) ? again(c, trial, awaited) : Optional.empty();
  }

  /** A second score: the same one changes nothing, another has to be meant and in time. */
  private static Optional<Decision> again(StudyCommand.PutMetric c, Trial trial, Awaited awaited) {
    double before = requireNonNull(awaited.known().get(c.metric()));
    if (before == c.value()) {
      return Optional.of(Decision.reply(new Done()));
    }
    if (!c.replace()) {
      return conflict(
          "expected one %s of trial %d, but it has %s already; ask for a replacement"
              .formatted(c.metric(), c.trial(), Reasons.number(before)));
    }
    boolean undecided =
        !awaited.judged()
            || trial.entering <= awaited.rung()
            || (trial.status() == TrialStatus.PAUSED && trial.rung() == awaited.rung());
    return undecided
        ? Optional.empty()
        : conflict(
            "expected a trial that its first score has not decided, but trial %d is %s"
                .formatted(c.trial(), trial.status()));
  }

  private static Optional<Decision> conflict(String message) {
    return Optional.of(Decision.rejected(ErrorCode.CONFLICT, message));
  }

  /** The trial enters the rung that it has reached, if nothing is missing any more. */
  static Decision enter(StudyView study, StudyCommand.EnterRung c, Numbering n) {
    Trial trial = StudyKernel.existing(study, c.trial());
    Awaited awaited = trial.awaited();
    if (awaited == null || !awaited.judged()) {
      return Decision.nothing();
    }
    Score score = Objectives.score(study.plan(), awaited.known());
    if (trial.entering <= awaited.rung()) {
      RungEntered entered =
          new RungEntered(
              n.next(),
              n.time(),
              c.trial(),
              awaited.step(),
              trial.entering,
              awaited.rung(),
              score.value(),
              score.isPlain() ? Optional.empty() : Optional.of(score));
      return Decision.of(null, entered).then(c);
    }
    Evidence evidence = Judging.evidence(study, awaited.rung(), c.trial(), score);
    return Decision.of(
        null,
        new TrialScored(
            n.next(), n.time(), c.trial(), Ending.afterScore(study, trial, awaited), evidence));
  }
}
