package dev.rung.study;

import dev.rung.halving.Evidence;
import dev.rung.halving.RungView;
import dev.rung.study.NextWork.Promote;
import dev.rung.study.StudyEvent.Judged;
import dev.rung.study.StudyEvent.RungEntered;
import dev.rung.study.StudyEvent.Verdict;
import dev.rung.study.StudyPlan.Take;
import dev.rung.study.StudyReply.Taken;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Judges a trial at its milestone: its value enters every rung whose level the step has reached; in
 * the highest it is promoted in place, paused or stopped.
 */
final class Judging {
  private Judging() {}

  /** First the value enters its rungs, then, with the rungs as they are now, comes the verdict. */
  static Decision decide(StudyView study, StudyCommand.Judge c, Numbering n) {
    Trial trial = StudyKernel.existing(study, c.attempt().trial());
    int reached = study.ladder().reached(c.step());
    if (!study.rungs().get(reached).contains(trial.number())) {
      return new Decision(
          List.of(
              new RungEntered(
                  n.next(),
                  n.time(),
                  trial.number(),
                  c.step(),
                  trial.lastAttempt().rung,
                  reached,
                  c.value())),
          null,
          List.of(),
          List.of(c));
    }
    Evidence evidence = evidence(study, reached, trial.number(), c.value());
    Judged judged = verdict(study, c, reached, evidence, n);
    Order.Kind kind =
        switch (judged.verdict()) {
          case CONTINUE -> Order.Kind.CONTINUE;
          case PAUSE -> Order.Kind.PAUSE;
          case STOP -> Order.Kind.STOP;
        };
    Order order = trial.lastAttempt().nextOrder(kind, judged.milestone(), Reasons.of(judged));
    return Decision.of(
        new Taken(c.attempt(), trial.lastAttempt().ackedSeq(), false, Optional.of(order)), judged);
  }

  private static Judged verdict(
      StudyView study, StudyCommand.Judge c, int rung, Evidence evidence, Numbering n) {
    if (!Double.isFinite(c.value())) {
      return judged(c, Verdict.STOP, Cause.DIVERGED, evidence, 0, n);
    }
    if (rung == study.ladder().top()) {
      return judged(c, Verdict.STOP, Cause.COMPLETED, evidence, 0, n);
    }
    if (study.rule().isStopping() && !mayGoOn(study, rung, c.attempt().trial())) {
      return judged(c, Verdict.STOP, Cause.STOPPED, evidence, 0, n);
    }
    if (goesOn(study, rung, c.attempt().trial())) {
      return judged(c, Verdict.CONTINUE, null, evidence, study.ladder().level(rung + 1), n);
    }
    return judged(c, Verdict.PAUSE, null, evidence, 0, n);
  }

  private static boolean mayGoOn(StudyView study, int rung, int trial) {
    return study.rule().mayGoOn(study.rungs().get(rung), study.ladder().share(rung), trial);
  }

  /**
   * Whether a trial goes on in its slot: one that is promoted, where the next free slot would be
   * its; one that is only not stopped, as long as the study runs and pays for it.
   */
  private static boolean goesOn(StudyView study, int rung, int trial) {
    if (study.rule().isStopping()) {
      Attempt attempt = StudyKernel.existing(study, trial).lastAttempt();
      return study.status() == StudyStatus.RUNNING && NextWork.coversNextRung(study, attempt, rung);
    }
    return NextWork.of(study, trial) instanceof Promote(var promotion)
        && promotion.trial() == trial;
  }

  private static Judged judged(
      StudyCommand.Judge c,
      Verdict verdict,
      @Nullable Cause cause,
      Evidence evidence,
      long milestone,
      Numbering n) {
    return new Judged(
        n.next(), n.time(), c.attempt(), c.step(), verdict, cause, evidence, milestone);
  }

  /**
   * Where a trial stands in a rung.
   *
   * @param value as the trainer sent it; null: as the rung has it
   */
  static Evidence evidence(StudyView study, int rung, int trial, @Nullable Double value) {
    RungView entries = study.rungs().get(rung);
    return new Evidence(
        study.rule().name(),
        rung,
        study.ladder().level(rung),
        value != null ? value : study.plan().objective().loss(entries.loss(trial)),
        study.rule().rank(entries, trial),
        entries.size(),
        study.rule().quota(entries, study.ladder().share(rung)),
        study.ladder().version());
  }

  /** The best value of the first objective that a trial has reported; NaN before the first. */
  static double bestValue(StudyView study, int trial) {
    double loss = StudyKernel.existing(study, trial).bestLoss();
    return Double.isFinite(loss) ? study.plan().objective().loss(loss) : Double.NaN;
  }

  /** The better of two values; NaN is no value. */
  static double better(StudyView study, double a, double b) {
    var objective = study.plan().objective();
    if (!Double.isFinite(a) || !Double.isFinite(b)) {
      return Double.isFinite(b) ? b : a;
    }
    return objective.loss(b) < objective.loss(a) ? b : a;
  }

  /**
   * The value that enters a rung: the one at the point, or the best so far if the point is finite.
   */
  static double taken(StudyView study, double atPoint, double best) {
    boolean takeBest = study.plan().objective().take() == Take.BEST && Double.isFinite(atPoint);
    return takeBest ? best : atPoint;
  }
}
