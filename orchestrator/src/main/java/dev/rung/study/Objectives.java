package dev.rung.study;

import dev.rung.study.StudyPlan.Objective;
import java.util.Map;
import java.util.Objects;

/** The objectives among a trial's metrics. */
final class Objectives {
  private Objectives() {}

  /** Takes the objectives among new metrics over into those known at the same step. */
  static void merge(StudyPlan plan, Map<String, Double> known, Map<String, Double> metrics) {
    for (Objective objective : plan.objectives()) {
      Double value = metrics.get(objective.name());
      if (value != null) {
        known.put(objective.name(), value);
      }
    }
  }

  /** The value of the objective that decides, which must be known. */
  static double deciding(StudyPlan plan, Map<String, Double> known) {
    return Objects.requireNonNull(known.get(plan.objective().name()));
  }

  /** Whether every objective is known. */
  static boolean complete(StudyPlan plan, Map<String, Double> known) {
    return known.size() == plan.objectives().size();
  }
}
