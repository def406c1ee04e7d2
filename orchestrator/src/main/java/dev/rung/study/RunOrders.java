package dev.rung.study;

import dev.rung.space.KeyedRandom;
import dev.rung.space.Parameter;
import dev.rung.space.Value;
import dev.rung.study.StudyPlan.Objective;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a trainer is told of an attempt. */
final class RunOrders {
  private RunOrders() {}

  static ToSession.RunOrder of(StudyView study, StudyEffect.Start start) {
    StudyPlan plan = study.plan();
    Map<String, Value> assignment = new LinkedHashMap<>();
    List<Parameter> parameters = plan.space().parameters();
    for (int i = 0; i < parameters.size(); i++) {
      assignment.put(parameters.get(i).name(), start.work().assignment().values().get(i));
    }
    return new ToSession.RunOrder(
        plan.trainer().kind(),
        assignment,
        plan.trainer().config(),
        start.work().milestone(),
        plan.resource().max(),
        start.work().resume(),
        KeyedRandom.stream(plan.seed(), "trainer", start.attempt().trial()).nextLong(),
        plan.objectives().stream().map(Objective::name).toList(),
        plan.resource().unit(),
        study.rule().isStopping());
  }
}
