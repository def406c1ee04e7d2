package dev.rung.simulate;

import dev.rung.searcher.External;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyPlan.Algorithm;
import dev.rung.study.StudyPlan.Budget;
import dev.rung.study.StudyPlan.Objective;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * A plan without what only a real run can tell.
 *
 * @param plan that can be simulated
 * @param notes what was left out or replaced, each with the field's name
 */
public record Foreseeable(StudyPlan plan, List<String> notes) {

  /**
   * What can be foreseen of a plan.
   *
   * @param knowsTime whether it is known how long a unit of resource takes
   */
  public static Foreseeable of(StudyPlan plan, boolean knowsTime) {
    List<String> notes = new ArrayList<>();
    StudyPlan simulated =
        new StudyPlan(
            plan.name(),
            plan.objectives().stream().map(objective -> atOnce(objective, notes)).toList(),
            plan.resource(),
            budget(plan.budget(), knowsTime, notes),
            algorithm(plan, notes),
            plan.space(),
            plan.trainer(),
            plan.seed(),
            plan.constraints(),
            plan.priority(),
            plan.enqueued(),
            plan.weight());
    return new Foreseeable(simulated, List.copyOf(notes));
  }

  /** Copies the notes. */
  public Foreseeable {
    notes = List.copyOf(notes);
  }

  private static Objective atOnce(Objective objective, List<String> notes) {
    if (!objective.isExternal()) {
      return objective;
    }
    notes.add(
        ("metric: %s comes from outside; here each score is put at once. In a real run a trial"
                + " waits for one at each rung that it comes to")
            .formatted(objective.name()));
    return new Objective(objective.name(), objective.goal(), objective.take());
  }

  private static Algorithm algorithm(StudyPlan plan, List<String> notes) {
    Algorithm algorithm = plan.algorithm();
    if (!algorithm.search().equals(External.NAME)) {
      return algorithm;
    }
    notes.add("algorithm.search: random search stands in for the program outside");
    return new Algorithm(
        algorithm.halving(),
        "random",
        algorithm.eta(),
        algorithm.delayed(),
        algorithm.mode(),
        algorithm.brackets(),
        algorithm.points());
  }

  private static Budget budget(Budget budget, boolean knowsTime, List<String> notes) {
    leftOut(budget.target().isPresent(), "target: no made-up loss tells when it is met", notes);
    leftOut(
        budget.noImprovement().isPresent(),
        "no_improvement: no made-up loss tells when nothing improves any more",
        notes);
    leftOut(budget.cost().isPresent(), "cost: only trainers know it", notes);
    leftOut(budget.deadline().isPresent(), "deadline: nobody knows when the study begins", notes);
    leftOut(
        budget.time().isPresent() && !knowsTime,
        "time: say how long a unit of resource takes with --unit-time",
        notes);
    return new Budget(
        budget.trials(),
        budget.parallel(),
        knowsTime ? budget.time() : Optional.empty(),
        budget.resource(),
        OptionalDouble.empty(),
        OptionalDouble.empty(),
        OptionalInt.empty(),
        OptionalLong.empty());
  }

  private static void leftOut(boolean holds, String field, List<String> notes) {
    if (holds) {
      notes.add("budget.%s; it is left out, and the study may end sooner".formatted(field));
    }
  }
}
