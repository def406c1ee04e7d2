package dev.rung.simulation;

import dev.rung.study.StudyCommand;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyReply;
import dev.rung.study.ToSession;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** People who want studies, and what they were answered. */
final class People {
  private final Simulation simulation;
  private final Map<String, StudyPlan> plans;
  private final Set<StudyCommand> answers = new HashSet<>();
  private final Set<String> created = new HashSet<>();

  /**
   * People who have said nothing yet.
   *
   * @param plans of the studies that they want, by name
   */
  People(Simulation simulation, Map<String, StudyPlan> plans) {
    this.simulation = simulation;
    this.plans = plans;
  }

  /**
   * They create studies until they are there.
   *
   * @param caring whether they also resume what does not go on, and start nodes that are gone
   */
  void look(boolean caring) {
    plans.forEach((study, plan) -> {
      if (!created.contains(study)) {
        simulation.send(study, new StudyCommand.Create(study, plan, "file of " + study));
      } else if (caring && !simulation.hasEnded(study)) {
        simulation.send(study, new StudyCommand.Resume());
      }
    });
    if (caring) {
      Set<String> up = new HashSet<>();
      simulation.hosts().stream().filter(Host::isUp).forEach(host -> up.add(host.name()));
      for (int i = 0; i < simulation.style().nodes(); i++) {
        if (!up.contains("node-" + i)) {
          simulation.startHost("node-" + i);
        }
      }
    }
  }

  /** An answer to what one of them asked. */
  void answered(ToSession.Answer answer) {
    answers.add(answer.command());
    if (answer.command() instanceof StudyCommand.Create
        && answer.reply() instanceof StudyReply.Done) {
      created.add(answer.study());
    }
  }

  /** Whether a command was answered. */
  boolean isAnswered(StudyCommand command) {
    return answers.contains(command);
  }
}
