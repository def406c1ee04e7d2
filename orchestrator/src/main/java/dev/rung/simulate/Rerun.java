package dev.rung.simulate;

import dev.rung.study.StudyCommand;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyPlan;
import java.util.ArrayList;
import java.util.List;

/**
 * A study once more, from what reached it in its order. Its searcher proposes anew: of a proposal
 * only the place among the other inputs is taken from the record.
 */
public final class Rerun {
  private Rerun() {}

  /**
   * What reached a study.
   *
   * @param now in milliseconds since 1970
   */
  public record Input(StudyCommand command, long now) {}

  /**
   * The events that follow from inputs.
   *
   * @param inputs of which the first creates the study
   * @throws IllegalArgumentException the first does something else, or a proposal has no ask before
   */
  public static List<StudyEvent> of(List<Input> inputs) {
    if (inputs.isEmpty() || !(inputs.get(0).command() instanceof StudyCommand.Create create)) {
      throw new IllegalArgumentException("expected the creation of a study first");
    }
    List<StudyEvent> events = new ArrayList<>();
    StudyShell shell = new StudyShell(create.plan(), StudyPlan::searcher, events::add);
    for (Input input : inputs) {
      StudyCommand command =
          switch (input.command()) {
            case StudyCommand.Suggest recorded -> proposed(shell, recorded);
            case StudyCommand.Exhaust recorded -> proposed(shell, recorded);
            case StudyCommand other -> other;
          };
      StudyShell.Answer unused = shell.send(command, input.now());
    }
    return events;
  }

  private static StudyCommand proposed(StudyShell shell, StudyCommand recorded) {
    return shell
        .answer()
        .orElseThrow(() -> new IllegalArgumentException("expected an ask before " + recorded));
  }
}
