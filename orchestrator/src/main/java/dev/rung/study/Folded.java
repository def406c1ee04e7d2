package dev.rung.study;

import java.util.ArrayList;
import java.util.List;

/** What became of commands that were handled one after another. */
sealed interface Folded {

  /**
   * Each was decided.
   *
   * @param events of all, in order, already applied
   * @param effects of all, in order
   * @param replies one a command
   */
  record Decided(List<StudyEvent> events, List<StudyEffect> effects, List<StudyReply> replies)
      implements Folded {

    /** Whether the study goes on from another plan. */
    boolean changesPlan() {
      return events.stream().anyMatch(StudyEvent.PlanChanged.class::isInstance);
    }
  }

  /**
   * The kernel failed. The state may have taken half of a command and is of no use any more.
   *
   * @param index of the command that met the fault
   */
  record Failed(int index, RuntimeException fault) implements Folded {}

  /**
   * Handles commands.
   *
   * @param now wall clock in milliseconds since 1970
   */
  static Folded of(StudyState state, List<StudyCommand> commands, long now) {
    List<StudyEvent> events = new ArrayList<>();
    List<StudyEffect> effects = new ArrayList<>();
    List<StudyReply> replies = new ArrayList<>(commands.size());
    for (StudyCommand command : commands) {
      StudyKernel.Outcome outcome;
      try {
        outcome = StudyKernel.handle(state, command, now);
      } catch (RuntimeException fault) {
        return new Failed(replies.size(), fault);
      }
      events.addAll(outcome.events());
      effects.addAll(outcome.effects());
      replies.add(outcome.reply());
    }
    return new Decided(events, effects, replies);
  }
}
