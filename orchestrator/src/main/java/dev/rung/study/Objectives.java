package dev.rung.study;

import dev.rung.study.StudyPlan.Objective;
import java.util.Map;

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

  /** Whether every objective is known. */
  static boolean complete(StudyPlan plan, Map<String, Double> known) {
    return known.size() == plan.objectives().size();
  }
}
