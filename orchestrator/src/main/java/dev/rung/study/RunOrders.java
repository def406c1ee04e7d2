package dev.rung.study;

import dev.rung.space.KeyedRandom;
import dev.rung.space.Value;
import java.util.List;
import java.util.Map;

/** What a trainer is told of an attempt. */
final class RunOrders {
  private RunOrders() {}

  static ToSession.RunOrder of(StudyView study, StudyEffect.Start start) {
    StudyPlan plan = study.plan();
    Map<String, Value> assignment = plan.space().active(start.work().assignment());
    return new ToSession.RunOrder(
        plan.trainer().kind(),
        assignment,
        plan.trainer().config(),
        start.work().milestone(),
        plan.resource().max(),
        start.work().resume(),
        KeyedRandom.stream(plan.seed(), "trainer", start.attempt().trial()).nextLong(),
        List.copyOf(Objectives.measured(plan)),
        plan.resource().unit(),
        StudyKernel.request(study, start.work().assignment()).slots(),
        study.rule().isStopping());
  }
}
