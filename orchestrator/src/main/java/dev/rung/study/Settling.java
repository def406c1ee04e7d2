package dev.rung.study;

import dev.rung.halving.BracketView;
import dev.rung.halving.RungView;
import dev.rung.study.StudyEvent.Closing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What a study does by itself after every command: ends, pauses itself, or asks for suggestions.
 */
final class Settling {
  /** USER_ERRORs one after another that pause a study. */
  static final int BREAKER_IN_ROW = 10;

  /** Failures among the first 20 trials above which a study pauses. */
  static final int BREAKER_EARLY = 10;

  /** Suggestions asked for at once for slots that are free. */
  static final int MOST_FORESEEN = 256;

  /** Trials one after another that cannot be trained, which pause a study. */
  static final int BREAKER_INFEASIBLE = 100;

  /** Trials closed by one event, so that an event stays small. */
  static final int CLOSED_AT_ONCE = 256;

  private Settling() {}

  static Decision decide(StudyView study, Numbering n) {
    return switch (study.status()) {
      case RUNNING -> running(study, n);
      case PAUSED -> {
        EndReason over = over(study, n);
        yield over == null ? Decision.nothing() : stopping(study, over, n);
      }
      case STOPPING ->
          study.running().isEmpty()
              ? end(study, study.endReason() == null ? EndReason.STOPPED : study.endReason(), n)
              : Decision.nothing();
      case ENDED, EMPTY -> Decision.nothing();
    };
  }

  private static Decision running(StudyView study, Numbering n) {
    EndReason over = over(study, n);
    if (over != null) {
      return stopping(study, over, n);
    }
    String breaker = breaker(study);
    if (breaker != null) {
      return Decision.of(null, new StudyEvent.StudyPaused(n.next(), n.time(), breaker));
    }
    Decision asks = ask(study, lookAhead(study), n);
    if (!asks.events().isEmpty()) {
      return asks;
    }
    boolean idle =
        study.running().isEmpty()
            && study.asked().isEmpty()
            && study.count(TrialStatus.AWAITING_METRIC) == 0;
    if (idle && NextWork.of(study, -1, Reach.ANYWHERE) instanceof NextWork.Nothing) {
      return stopping(study, out(study), n);
    }
    return Decision.nothing();
  }

  /** Why there is nothing more to do. */
  private static EndReason out(StudyView study) {
    if (isStarved(study)) {
      return EndReason.RESOURCE;
    }
    return study.isExhausted() ? EndReason.EXHAUSTED : EndReason.COMPLETED;
  }

  /** Asks for the suggestions that free slots need, as far as the study may use these slots. */
  static Decision foresee(StudyView study, int slots, Numbering n) {
    if (study.status() != StudyStatus.RUNNING) {
      return Decision.reply(new StudyReply.Done());
    }
    OptionalInt parallel = study.plan().budget().parallel();
    int usable =
        parallel.isEmpty() ? slots : Math.min(slots, parallel.getAsInt() - study.running().size());
    return ask(study, Math.min(usable, MOST_FORESEEN), n);
  }

  /** Asks for suggestions until so many are ready or on their way. */
  private static Decision ask(StudyView study, int wanted, Numbering n) {
    int missing = wanted - study.suggested().size() - study.asked().size();
    if (missing <= 0) {
      return Decision.nothing();
    }
    List<StudyEvent> asks = new ArrayList<>();
    List<StudyEffect> effects = new ArrayList<>();
    int left = study.isExhausted() ? 0 : unasked(study);
    for (int i = 0; i < Math.min(missing, left); i++) {
      int trial = study.nextTrial() + i;
      long basis = study.lastNumber();
      asks.add(new StudyEvent.SuggestionAsked(n.next(), n.time(), trial, basis));
      effects.add(new StudyEffect.Ask(trial, basis));
    }
    return new Decision(asks, null, effects, List.of());
  }

  /** Whether there is work left that the resource of the budget does not cover. */
  private static boolean isStarved(StudyView study) {
    return !study.suggested().isEmpty()
        || !study.waiting().isEmpty()
        || NextWork.hasPromotion(study);
  }

  /** What bound of the budget has been reached; null: none. */
  private static @Nullable EndReason over(StudyView study, Numbering n) {
    StudyPlan.Budget budget = study.plan().budget();
    if (budget.target().isPresent() && study.best() != null) {
      StudyPlan.Objective objective = study.plan().objective();
      double best = Objectives.deciding(study.plan(), study.best().metrics());
      if (objective.loss(best) <= objective.loss(budget.target().getAsDouble())) {
        return EndReason.TARGET;
      }
    }
    if (budget.time().isPresent()
        && n.time() - study.createdAt() >= budget.time().get().toMillis()) {
      return EndReason.TIME;
    }
    if (budget.deadline().isPresent() && n.time() >= budget.deadline().getAsLong()) {
      return EndReason.DEADLINE;
    }
    if (budget.cost().isPresent() && study.cost() >= budget.cost().getAsDouble()) {
      return EndReason.COST;
    }
    if (budget.noImprovement().isPresent()
        && study.sinceBest() >= budget.noImprovement().getAsInt()) {
      return EndReason.NO_IMPROVEMENT;
    }
    return null;
  }

  private static @Nullable String breaker(StudyView study) {
    if (study.userErrorsInRow() >= BREAKER_IN_ROW) {
      return "%d attempts failed one after another, the newest with: %s"
          .formatted(study.userErrorsInRow(), study.lastFailure());
    }
    if (study.infeasibleInRow() >= BREAKER_INFEASIBLE) {
      return "%d trials one after another cannot be trained, the newest with: %s"
          .formatted(study.infeasibleInRow(), study.lastFailure());
    }
    if (study.earlyFailures() > BREAKER_EARLY) {
      return "%d of the first 20 trials failed, the newest with: %s"
          .formatted(study.earlyFailures(), study.lastFailure());
    }
    return null;
  }

  /** Suggestions to hold ready: more while many attempts run, so that a free slot need not wait. */
  private static int lookAhead(StudyView study) {
    return Math.max(2, study.running().size() / 4);
  }

  /** Trials of the budget whose assignments are asked for or may be. */
  static int toSuggest(StudyView study) {
    int unasked = study.isExhausted() ? 0 : Math.max(0, unasked(study));
    return (int) Math.min(Integer.MAX_VALUE, (long) unasked + study.asked().size());
  }

  private static int unasked(StudyView study) {
    var trials = study.plan().budget().trials();
    if (trials.isEmpty()) {
      return Integer.MAX_VALUE;
    }
    int counted = study.suggested().size() + study.asked().size() - study.clones();
    for (TrialStatus status : TrialStatus.values()) {
      counted += status == TrialStatus.INFEASIBLE ? 0 : study.count(status);
    }
    return trials.getAsInt() - counted;
  }

  /**
   * With a target reached nothing is worth training on; otherwise attempts go to their milestone.
   */
  private static Decision stopping(StudyView study, EndReason reason, Numbering n) {
    return stopping(study, reason, reason == EndReason.TARGET, n);
  }

  /** Begins to end the study. */
  static Decision stopping(StudyView study, EndReason reason, boolean now, Numbering n) {
    List<StudyEffect> effects = new ArrayList<>();
    if (now) {
      for (AttemptRef ref : untold(study)) {
        Attempt attempt = StudyKernel.existing(study, ref.trial()).lastAttempt();
        Order order = attempt.nextOrder(Order.Kind.STOP, 0, Reasons.of(reason));
        effects.add(new StudyEffect.Tell(attempt.slot().node(), ref, order));
      }
    }
    return new Decision(
        List.of(new StudyEvent.StudyStopping(n.next(), n.time(), reason, now)),
        null,
        effects,
        List.of(new StudyCommand.Settle()));
  }

  /** Whether an attempt runs that was not told to end. */
  static boolean hasUntold(StudyView study) {
    return !untold(study).isEmpty();
  }

  private static List<AttemptRef> untold(StudyView study) {
    List<AttemptRef> untold = new ArrayList<>();
    for (int number : study.running()) {
      Attempt attempt = StudyKernel.existing(study, number).lastAttempt();
      if (attempt.isToGoOn()) {
        untold.add(new AttemptRef(number, attempt.number()));
      }
    }
    return untold;
  }

  /** Closes what is still open, then ends the study. */
  private static Decision end(StudyView study, EndReason reason, Numbering n) {
    List<Closing> open = new ArrayList<>();
    for (int number : study.waiting()) {
      open.add(new Closing(number, Optional.empty()));
    }
    if (study.count(TrialStatus.AWAITING_METRIC) > 0) {
      study.trials().stream()
          .filter(trial -> trial.status() == TrialStatus.AWAITING_METRIC)
          .forEach(trial -> open.add(new Closing(trial.number(), Optional.empty())));
    }
    for (BracketView bracket : study.brackets()) {
      for (int rung = 0; rung < bracket.rungs().size(); rung++) {
        RungView entries = bracket.rungs().get(rung);
        int count = entries.openAmongFirst(entries.size());
        for (int i = 0; i < count && open.size() < CLOSED_AT_ONCE; i++) {
          int trial = entries.openAt(i);
          open.add(new Closing(trial, Optional.of(Judging.evidence(study, rung, trial, null))));
        }
      }
    }
    if (open.isEmpty()) {
      return Decision.of(null, new StudyEvent.StudyEnded(n.next(), n.time(), reason));
    }
    List<Closing> now = List.copyOf(open.subList(0, Math.min(open.size(), CLOSED_AT_ONCE)));
    String text = "closed, since " + Reasons.of(reason);
    return Decision.of(null, new StudyEvent.TrialsClosed(n.next(), n.time(), now, text))
        .then(new StudyCommand.Settle());
  }
}
