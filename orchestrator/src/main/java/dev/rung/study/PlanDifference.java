package dev.rung.study;

import java.util.ArrayList;
import java.util.List;

/** Says in words what differs between two plans of one study. */
final class PlanDifference {
  private PlanDifference() {}

  /** What changes, for instance "budget.trials from 60 to 90"; empty: nothing does. */
  static String of(StudyPlan before, StudyPlan after) {
    List<String> changes = new ArrayList<>();
    StudyPlan.Budget old = before.budget();
    StudyPlan.Budget now = after.budget();
    add(changes, "budget.trials", old.trials(), now.trials());
    add(changes, "budget.parallel", old.parallel(), now.parallel());
    add(changes, "budget.time", old.time(), now.time());
    add(changes, "budget.resource", old.resource(), now.resource());
    add(changes, "budget.target", old.target(), now.target());
    add(changes, "budget.cost", old.cost(), now.cost());
    add(changes, "budget.no_improvement", old.noImprovement(), now.noImprovement());
    add(changes, "budget.deadline", old.deadline(), now.deadline());
    add(changes, "budget.money", old.money(), now.money());
    add(changes, "priority", before.priority(), after.priority());
    add(changes, "weight", before.weight(), after.weight());
    add(changes, "algorithm.eta", before.algorithm().eta(), after.algorithm().eta());
    add(changes, "resource.max", before.resource().max(), after.resource().max());
    if (!before.space().equals(after.space())) {
      changes.add("the space");
    }
    return String.join(", ", changes);
  }

  private static void add(List<String> changes, String what, Object before, Object after) {
    if (!before.equals(after)) {
      changes.add("%s from %s to %s".formatted(what, text(before), text(after)));
    }
  }

  private static String text(Object value) {
    String text = value.toString().replaceAll("Optional\\w*\\[(.*)]|Optional\\w*\\.empty", "$1");
    return text.isEmpty() ? "none" : text;
  }
}
