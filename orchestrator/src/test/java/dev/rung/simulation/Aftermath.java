package dev.rung.simulation;

import dev.rung.study.SimulatedStudies;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyPlan;
import java.util.List;
import java.util.Map;

/** What has to hold once a world has come to rest, and what is said of one in which it does not. */
final class Aftermath {
  private final Simulation simulation;

  Aftermath(Simulation simulation) {
    this.simulation = simulation;
  }

  /**
   * Looks whether everything fits together.
   *
   * @param plans of the studies, by name
   * @throws AssertionError it does not
   */
  void check(Map<String, StudyPlan> plans) {
    History history = simulation.history();
    history.checkEnd();
    for (Host host : simulation.hosts()) {
      if (host.isUp() && !host.isAtRest()) {
        history.problems().add("a node is not at rest: " + host);
      }
    }
    List<String> errors = OneThread.errors();
    if (!history.problems().isEmpty() || !errors.isEmpty()) {
      throw wrong(history.problems() + " " + errors);
    }
    plans.forEach((study, plan) -> {
      List<StudyEvent> events = simulation.disk().events("study|" + study);
      if (!events.equals(history.events(study))) {
        throw wrong("the journal of " + study + " is not what was committed");
      }
      try {
        SimulatedStudies.check(simulation.seed(), plan, events);
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError(
            "seed " + simulation.seed() + ", " + study + ": " + e.getMessage(), e);
      }
    });
  }

  String summary() {
    History history = simulation.history();
    int events = simulation.studies().stream().mapToInt(s -> history.events(s).size()).sum();
    return "%d events, %d lives, %d hosts, %.0f s"
        .formatted(
            events,
            simulation.lives(),
            simulation.hosts().size(),
            simulation.timeline().now() / 1e9);
  }

  /** Something does not hold. */
  AssertionError wrong(String what) {
    StringBuilder text =
        new StringBuilder("seed " + simulation.seed() + ": " + what + "\n" + summary() + "\n");
    for (String study : simulation.studies()) {
      text.append(study)
          .append(": ")
          .append(SimulatedStudies.describe(simulation.history().events(study)))
          .append('\n');
    }
    simulation.hosts().forEach(host -> text.append(host).append('\n'));
    OneThread.errors().forEach(error -> text.append(error).append('\n'));
    return new AssertionError(text.toString());
  }
}
