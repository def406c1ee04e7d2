package dev.rung.studyfile;

import dev.rung.halving.HalvingRules.Mode;
import dev.rung.study.StudyPlan.Algorithm;
import dev.rung.study.StudyPlan.Budget;
import dev.rung.study.StudyPlan.Objective;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks what a halving rule can do with the rest of a study file. */
final class RuleCheck {
  /** Rules that know the modes of asynchronous successive halving. */
  private static final Set<String> WITH_MODES = Set.of("asha", "hyperband");

  private final Fields study;
  private final Optional<Fields> algorithm;
  private final Algorithm method;
  private final List<Objective> objectives;

  RuleCheck(
      Fields study, Optional<Fields> algorithm, Algorithm method, List<Objective> objectives) {
    this.study = study;
    this.algorithm = algorithm;
    this.method = method;
    this.objectives = objectives;
  }

  void check(Budget budget) {
    checkExternal();
    checkPopulation(budget);
    checkEndless();
    for (String key : List.of("mode", "delayed")) {
      if (has(key) && !WITH_MODES.contains(method.halving())) {
        warn(key, "counts with halving: asha and hyperband only, but it is " + method.halving());
      }
    }
    if (has("brackets") && !method.halving().equals("hyperband")) {
      warn("brackets", "counts with halving: hyperband only, but it is " + method.halving());
    }
  }

  private void checkExternal() {
    if (objectives.stream().noneMatch(Objective::isExternal)) {
      return;
    }
    boolean stops =
        method.halving().equals("median")
            || (WITH_MODES.contains(method.halving())
                && method.mode().equals(Optional.of(Mode.STOPPING)));
    if (stops || method.halving().equals("population")) {
      study.error(
          "metric",
          "expected a rule that pauses trials beside source: external, since a score may come days"
              + " later, but it is "
              + (method.halving().equals("population") || method.halving().equals("median")
                  ? "halving: " + method.halving()
                  : "mode: stopping"));
    }
  }

  private void checkPopulation(Budget budget) {
    if (!method.halving().equals("population")) {
      return;
    }
    if (budget.trials().isEmpty()) {
      study.error(
          "budget", "expected trials, the size of the population, beside halving: population");
    }
    if (objectives.size() > 1) {
      study.error(
          "metric",
          "expected one metric beside halving: population, but came " + objectives.size());
    }
  }

  /** Only plain successive halving needs no largest resource. */
  private void checkEndless() {
    Optional<Fields> resource = study.section("resource", Section.RESOURCE);
    if (resource.isPresent() && !resource.get().has("max") && !method.halving().equals("asha")) {
      study.error(
          "resource",
          "expected max, without which only halving: asha can be, but it is " + method.halving());
    }
  }

  private boolean has(String key) {
    return algorithm.isPresent() && algorithm.get().has(key);
  }

  private void warn(String key, String message) {
    algorithm.ifPresent(fields -> fields.warn(key, message));
  }
}
