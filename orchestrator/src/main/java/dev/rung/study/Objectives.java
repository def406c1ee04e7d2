package dev.rung.study;

import dev.rung.halving.Score;
import dev.rung.study.StudyPlan.Constraint;
import dev.rung.study.StudyPlan.Objective;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/** What a trial is judged by, among its metrics. */
public final class Objectives {
  private Objectives() {}

  /** Names of the metrics that a trainer has to send at a point that is judged. */
  public static Set<String> measured(StudyPlan plan) {
    Set<String> names = new LinkedHashSet<>();
    plan.objectives().stream()
        .filter(objective -> !objective.isExternal())
        .forEach(objective -> names.add(objective.name()));
    plan.limits().forEach(constraint -> names.add(constraint.metric()));
    return names;
  }

  /** Takes what is judged among new metrics over into what is known at the same step. */
  public static void merge(StudyPlan plan, Map<String, Double> known, Map<String, Double> metrics) {
    // Called for every point: no set of names is made.
    for (Objective objective : plan.objectives()) {
      if (!objective.isExternal()) {
        merge(objective.name(), known, metrics);
      }
    }
    for (Constraint constraint : plan.limits()) {
      merge(constraint.metric(), known, metrics);
    }
  }

  private static void merge(String name, Map<String, Double> known, Map<String, Double> metrics) {
    Double value = metrics.get(name);
    if (value != null) {
      known.put(name, value);
    }
  }

  /** Whether everything that a trainer has to send is known. */
  public static boolean complete(StudyPlan plan, Map<String, Double> known) {
    for (Objective objective : plan.objectives()) {
      if (!objective.isExternal() && !known.containsKey(objective.name())) {
        return false;
      }
    }
    for (Constraint constraint : plan.limits()) {
      if (!known.containsKey(constraint.metric())) {
        return false;
      }
    }
    return true;
  }

  /** What is known as a score; an objective that is not known is NaN. */
  public static Score score(StudyPlan plan, Map<String, Double> known) {
    Double[] values = new Double[plan.objectives().size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = known.getOrDefault(plan.objectives().get(i).name(), Double.NaN);
    }
    double violation = 0;
    for (Constraint constraint : plan.limits()) {
      violation += constraint.violation(Objects.requireNonNull(known.get(constraint.metric())));
    }
    return new Score(List.of(values), violation);
  }

  /** The score that entered a rung. */
  static Score entered(StudyPlan plan, StudyEvent.RungEntered e) {
    return e.score()
        .orElseGet(() -> new Score(Collections.nCopies(plan.objectives().size(), e.value()), 0));
  }

  /** The value of the objective that decides, which must be known. */
  static double deciding(StudyPlan plan, Map<String, Double> known) {
    return Objects.requireNonNull(known.get(plan.objective().name()));
  }

  /** Losses of a score, one an objective. */
  static double[] losses(StudyPlan plan, Score score) {
    double[] losses = new double[score.values().size()];
    for (int i = 0; i < losses.length; i++) {
      losses[i] = plan.objectives().get(i).loss(score.values().get(i));
    }
    return losses;
  }
}
