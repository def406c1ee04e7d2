package dev.rung.study;

import dev.rung.halving.BracketView;
import dev.rung.halving.Ladder;
import dev.rung.halving.RungView;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** How much a study has still to train, and how long that takes. An estimate, for people. */
public final class Remaining {
  private static final double MILLIS_PER_SECOND = 1e3;

  private Remaining() {}

  /**
   * The time until a study ends.
   *
   * @param study as it is now
   * @param stepsPerSecond of the slots that it holds now, together; empty: unknown, or it has none
   * @param now in milliseconds since 1970
   * @return empty: nothing tells it
   */
  public static Optional<Duration> time(
      StudySummary study, OptionalDouble stepsPerSecond, long now) {
    if (study.status() != StudyStatus.RUNNING) {
      return Optional.empty();
    }
    long least = Long.MAX_VALUE;
    double speed = stepsPerSecond.orElse(0);
    if (study.resourceLeft().isPresent() && speed > 0) {
      least = Math.round(study.resourceLeft().getAsLong() / speed * MILLIS_PER_SECOND);
    }
    StudyPlan.Budget budget = study.plan().budget();
    if (budget.time().isPresent()) {
      least = Math.min(least, study.created() + budget.time().get().toMillis() - now);
    }
    if (budget.deadline().isPresent()) {
      least = Math.min(least, budget.deadline().getAsLong() - now);
    }
    return least == Long.MAX_VALUE
        ? Optional.empty()
        : Optional.of(Duration.ofMillis(Math.max(0, least)));
  }

  /** Resource that is still to be trained under the budget; empty: the budget does not say. */
  static OptionalLong resource(StudyView study) {
    StudyPlan.Budget budget = study.plan().budget();
    if (study.status() != StudyStatus.RUNNING) {
      return OptionalLong.empty();
    }
    long least = Long.MAX_VALUE;
    if (budget.resource().isPresent()) {
      least = budget.resource().getAsLong() - study.resourceUsed();
    }
    if (budget.trials().isPresent()) {
      least = Math.min(least, ofTrials(study, budget.trials().getAsInt()));
    }
    return least == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(Math.max(0, least));
  }

  /** What is missing in the rungs if as many go on as the rule lets, less what is on its way. */
  private static long ofTrials(StudyView study, int trials) {
    long left = 0;
    for (int b = 0; b < study.brackets().size(); b++) {
      BracketView bracket = study.brackets().get(b);
      Ladder ladder = bracket.ladder();
      long expected = inBracket(study, b, trials);
      long below = 0;
      for (int k = ladder.start(); k <= ladder.top(); k++) {
        RungView rung = bracket.rungs().get(k);
        expected = Math.max(expected, rung.size());
        left += (expected - rung.size()) * (ladder.level(k) - below);
        below = ladder.level(k);
        expected = goingOn(study, rung, expected);
      }
    }
    for (int number : study.running()) {
      Trial trial = StudyKernel.existing(study, number);
      Ladder ladder = study.bracketOf(number).ladder();
      long from = trial.entering <= ladder.start() ? 0 : ladder.level(trial.entering - 1);
      left -= Math.max(0, trial.lastAttempt().lastStep() - from);
    }
    return left;
  }

  private static long inBracket(StudyView study, int bracket, int trials) {
    int count = study.brackets().size();
    if (count == 1) {
      return trials;
    }
    long in = 0;
    for (int trial = 1; trial <= trials; trial++) {
      in += study.rule().bracket(trial, count) == bracket ? 1 : 0;
    }
    return in;
  }

  private static long goingOn(StudyView study, RungView rung, long expected) {
    StudyPlan.Algorithm algorithm = study.plan().algorithm();
    if (algorithm.halving().equals("none")) {
      return expected;
    }
    return study.rule().isStopping() && rung.size() > 0
        ? Math.round((double) expected * rung.promotions() / rung.size())
        : expected / algorithm.eta();
  }
}
