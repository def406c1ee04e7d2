package dev.rung.simulate;

import dev.rung.study.StudyPlan;
import dev.rung.study.StudyPlan.Budget;

/** What a study has no end of. */
public final class Endless {
  /** The largest resource of a study whose file names none. */
  private static final long NO_MAX = 1L << 53;

  private Endless() {}

  /** Whether its ladder goes on for ever. */
  public static boolean isEndless(StudyPlan plan) {
    return isEndless(plan.resource().max());
  }

  /** Whether a level is the top of a ladder that goes on for ever. */
  public static boolean isEndless(long level) {
    return level >= NO_MAX;
  }

  /** Whether something in a study's budget ends it for certain. */
  public static boolean ends(StudyPlan plan) {
    Budget budget = plan.budget();
    return budget.trials().isPresent()
        || budget.resource().isPresent()
        || budget.time().isPresent()
        || budget.noImprovement().isPresent()
        || plan.algorithm().search().equals("grid");
  }
}
