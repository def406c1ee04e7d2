package dev.rung.simulate;

import dev.rung.study.StudyPlan;
import dev.rung.study.StudyPlan.Algorithm;
import dev.rung.study.StudyPlan.Budget;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Something in a study that most often is not meant.
 *
 * @param field of the study file, or an option
 * @param message what is wrong, and what to do
 */
public record Trap(String field, String message) {
  /** Rules that throw trials away by what they show at the first rung, wherever that is. */
  private static final Set<String> RANKING = Set.of("asha", "cost-aware", "median", "pasha");

  /** New trials of halving: auto head for this part of the largest resource or more. */
  private static final int WIDEST = 27;

  private static final double BUSY = 0.5;

  /** Traps of a plan, by what came of it on so many trainers. */
  public static List<Trap> of(StudyPlan plan, Preview preview, int trainers) {
    List<Trap> traps = new ArrayList<>();
    boolean ends = !Endless.isEndless(plan);
    if (ends) {
      early(plan, traps);
    }
    OptionalLong most = plan.budget().resource();
    if (ends && most.isPresent() && most.getAsLong() < plan.resource().max()) {
      traps.add(
          new Trap(
              "budget.resource",
              "%d trains no trial to the top, which takes %d; give more, or a smaller resource.max"
                  .formatted(most.getAsLong(), plan.resource().max())));
    } else if (ends && 2 * preview.without() > preview.runs()) {
      nothing(plan, preview, traps);
    }
    idle(plan, preview, trainers, traps);
    return traps;
  }

  private static void early(StudyPlan plan, List<Trap> traps) {
    long min = plan.resource().min();
    long max = plan.resource().max();
    if (ranks(plan.algorithm()) && min * WIDEST < max) {
      traps.add(
          new Trap(
              "resource.min",
              ("%d is less than 1/%d of max (%d): trials are compared after so little training that"
                      + " their order may be chance; begin at %d or more, or take halving: auto,"
                      + " which finds the first rung itself")
                  .formatted(min, WIDEST, max, (max + WIDEST - 1) / WIDEST)));
    }
  }

  /** Most brackets of Hyperband begin where more training has been seen. */
  private static boolean ranks(Algorithm algorithm) {
    return RANKING.contains(algorithm.halving())
        || (algorithm.halving().equals("hyperband") && algorithm.brackets().equals(Optional.of(1)));
  }

  private static void nothing(StudyPlan plan, Preview preview, List<Trap> traps) {
    Budget budget = plan.budget();
    int eta = plan.algorithm().eta();
    long needed = 1;
    for (int i = 1; i < preview.rungs().size(); i++) {
      needed *= eta;
    }
    boolean isByTrials =
        budget.trials().isPresent() && preview.started().median() >= budget.trials().getAsInt();
    String field =
        isByTrials
            ? "budget.trials"
            : budget.resource().isPresent()
                ? "budget.resource"
                : budget.time().isPresent() ? "budget.time" : "budget";
    String enough =
        isByTrials
            ? " (%d trials send one there for certain where each rung keeps 1/%d)"
                .formatted(needed, eta)
            : "";
    traps.add(
        new Trap(
            field,
            "in %d of %d runs no trial reaches the top at %d; give more%s, or a smaller resource.max"
                .formatted(preview.without(), preview.runs(), plan.resource().max(), enough)));
  }

  private static void idle(StudyPlan plan, Preview preview, int trainers, List<Trap> traps) {
    OptionalInt parallel = plan.budget().parallel();
    if (parallel.isPresent() && parallel.getAsInt() < trainers) {
      traps.add(
          new Trap(
              "budget.parallel",
              "%d leaves %d of %d trainers idle; raise it, or take fewer trainers"
                  .formatted(parallel.getAsInt(), trainers - parallel.getAsInt(), trainers)));
    } else if (preview.utilisation().median() < BUSY) {
      traps.add(
          new Trap(
              "--trainers",
              ("%d are busy %.0f %% of the time, since there are too few trials for them; take fewer,"
                      + " or give more to the budget")
                  .formatted(trainers, 100 * preview.utilisation().median())));
    }
  }
}
