package dev.rung.study;

import dev.rung.halving.BracketView;
import dev.rung.halving.Evidence;
import dev.rung.halving.Fate;
import dev.rung.halving.Ladder;
import dev.rung.halving.RungView;
import dev.rung.halving.Score;
import dev.rung.halving.Standing;
import dev.rung.study.NextWork.Promote;
import dev.rung.study.StudyEvent.AttemptYielded;
import dev.rung.study.StudyEvent.Judged;
import dev.rung.study.StudyEvent.RungEntered;
import dev.rung.study.StudyEvent.Verdict;
import dev.rung.study.StudyPlan.Take;
import dev.rung.study.StudyReply.Taken;
import java.util.ArrayList;
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
    BracketView bracket = study.bracketOf(trial.number());
    int reached = bracket.ladder().reached(c.step());
    if (Scoring.isToAwait(study.plan(), c.score())) {
      return Scoring.await(study, c, reached, n);
    }
    if (trial.entering <= reached) {
      return entered(trial, c.step(), reached, c.score(), n).then(new StudyCommand.Revise(), c);
    }
    Evidence evidence = evidence(study, reached, trial.number(), c.score());
    Fate fate = study.rule().atMilestone(bracket, reached, trial.number());
    boolean yields = Yielding.isDue(study, trial.lastAttempt());
    Judged judged = verdict(study, c, fate, evidence, yields, n);
    Order.Kind kind =
        switch (judged.verdict()) {
          case CONTINUE -> Order.Kind.CONTINUE;
          case PAUSE -> Order.Kind.PAUSE;
          case STOP -> Order.Kind.STOP;
        };
    Order order = trial.lastAttempt().nextOrder(kind, judged.milestone(), Reasons.of(judged));
    List<StudyEvent> events = new ArrayList<>(List.of(judged));
    if (judged.verdict() == Verdict.CONTINUE && yields) {
      String why = "gives its slot up, since " + Yielding.WHY;
      events.add(new AttemptYielded(n.next(), n.time(), c.attempt(), why));
      order = new Order(order.number() + 1, Order.Kind.YIELD, 0, why);
    }
    Decision decision =
        new Decision(
            events,
            new Taken(c.attempt(), trial.lastAttempt().ackedSeq(), false, Optional.of(order)),
            Dropping.entered(study, trial.number(), reached),
            List.of());
    // At the top it is done, and a copy would have nothing left to train.
    return fate instanceof Fate.Replace(int parent) && judged.cause() != Cause.COMPLETED
        ? decision.then(new StudyCommand.Clone(parent, trial.number()))
        : decision;
  }

  /** A trial passes levels below its milestone: they are recorded, and no verdict follows. */
  static Decision pass(StudyView study, StudyCommand.Pass c, Numbering n) {
    Trial trial = StudyKernel.existing(study, c.attempt().trial());
    int reached = study.bracketOf(trial.number()).ladder().reached(c.step());
    return entered(trial, c.step(), Math.min(reached, trial.rung() - 1), c.score(), n)
        .then(new StudyCommand.Revise());
  }

  private static Decision entered(Trial trial, long step, int rung, Score score, Numbering n) {
    return Decision.of(
        null,
        new RungEntered(
            n.next(),
            n.time(),
            trial.number(),
            step,
            trial.entering,
            rung,
            score.value(),
            score.isPlain() ? Optional.empty() : Optional.of(score)));
  }

  private static Judged verdict(
      StudyView study,
      StudyCommand.Judge c,
      Fate fate,
      Evidence evidence,
      boolean yields,
      Numbering n) {
    int rung = evidence.rung();
    int trial = c.attempt().trial();
    BracketView bracket = study.bracketOf(trial);
    if (!c.score().isFinite()) {
      return stopped(c, Cause.DIVERGED, evidence, n);
    }
    if (isLast(study, trial, rung)) {
      return stopped(c, Cause.COMPLETED, evidence, n);
    }
    if (rung == bracket.ladder().top()) {
      return paused(c, evidence, false, n);
    }
    return switch (fate) {
      case Fate.Over over -> stopped(c, Cause.STOPPED, evidence, n);
      case Fate.GoOn goOn ->
          isCovered(study, trial, rung)
              ? goesOn(study, c, evidence, false, n)
              : paused(c, evidence, false, n);
      case Fate.Carry carry ->
          isCovered(study, trial, rung)
              ? goesOn(study, c, evidence, true, n)
              : paused(c, evidence, false, n);
      case Fate.Compete compete ->
          NextWork.of(study, trial, ownSlot(study, trial)) instanceof Promote(var promotion)
                  && promotion.trial() == trial
              ? yields
                  ? paused(c, evidence, true, n)
                  : goesOn(study, c, evidence, !promotion.earned(), n)
              : paused(c, evidence, false, n);
      case Fate.Replace(int parent) -> stopped(c, Cause.STOPPED, evidence, n);
    };
  }

  /** Of the slot that a trial is in. */
  private static Reach ownSlot(StudyView study, int number) {
    Trial trial = StudyKernel.existing(study, number);
    SlotOffer own = SlotOffer.of(StudyKernel.request(study, trial.assignment()));
    return new Reach(trial.lastAttempt().slot().node(), Missed.NOTHING, Optional.of(own));
  }

  /** Whether there is nothing above a rung, and never will be: a ladder may still grow. */
  static boolean isLast(StudyView study, int trial, int rung) {
    Ladder ladder = study.bracketOf(trial).ladder();
    return rung == ladder.top() && ladder.level(rung) >= study.plan().resource().max();
  }

  /** Whether a trial that only has not to be stopped may go on: the study runs and pays for it. */
  private static boolean isCovered(StudyView study, int trial, int rung) {
    return study.status() == StudyStatus.RUNNING
        && NextWork.coversNextRung(study, StudyKernel.existing(study, trial), rung);
  }

  private static Judged stopped(StudyCommand.Judge c, Cause cause, Evidence evidence, Numbering n) {
    return new Judged(
        n.next(),
        n.time(),
        c.attempt(),
        c.step(),
        Verdict.STOP,
        cause,
        evidence,
        0,
        Optional.empty(),
        Optional.empty());
  }

  private static Judged paused(
      StudyCommand.Judge c, Evidence evidence, boolean yields, Numbering n) {
    return new Judged(
        n.next(),
        n.time(),
        c.attempt(),
        c.step(),
        Verdict.PAUSE,
        null,
        evidence,
        0,
        Optional.empty(),
        yields ? Optional.of(true) : Optional.empty());
  }

  private static Judged goesOn(
      StudyView study, StudyCommand.Judge c, Evidence evidence, boolean carried, Numbering n) {
    long milestone = study.bracketOf(c.attempt().trial()).ladder().level(evidence.rung() + 1);
    return new Judged(
        n.next(),
        n.time(),
        c.attempt(),
        c.step(),
        Verdict.CONTINUE,
        null,
        evidence,
        milestone,
        carried(carried),
        Optional.empty());
  }

  /** How events say whether a trial goes on whatever its rank. */
  static Optional<Boolean> carried(boolean carried) {
    return carried ? Optional.of(true) : Optional.empty();
  }

  /**
   * Where a trial stands in a rung.
   *
   * @param score as it was sent; null: as the rung has it
   */
  static Evidence evidence(StudyView study, int rung, int trial, @Nullable Score score) {
    BracketView bracket = study.bracketOf(trial);
    RungView entries = bracket.rungs().get(rung);
    Score shown = score != null ? score : entered(study.plan(), entries, trial);
    Standing standing = study.rule().standing(bracket, rung, trial);
    return new Evidence(
        study.rule().name(),
        rung,
        bracket.ladder().level(rung),
        shown.value(),
        standing.rank(),
        standing.n(),
        standing.cutoff(),
        bracket.ladder().version(),
        shown.isPlain()
            ? Optional.empty()
            : Optional.of(new Evidence.Place(shown, entries.front(trial))));
  }

  /** The score that a rung has of a trial; a failure is infinitely bad. */
  private static Score entered(StudyPlan plan, RungView entries, int trial) {
    double[] losses = entries.losses(trial);
    List<Double> values = new ArrayList<>();
    for (int i = 0; i < losses.length; i++) {
      values.add(plan.objectives().get(i).loss(losses[i]));
    }
    return new Score(values, entries.violation(trial));
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
   * The score that enters a rung: the one at the point, or the best so far if the point is finite.
   */
  static Score taken(StudyView study, Score atPoint, double best) {
    boolean takeBest = study.plan().objective().take() == Take.BEST && atPoint.isFinite();
    return takeBest ? Score.of(best) : atPoint;
  }
}
