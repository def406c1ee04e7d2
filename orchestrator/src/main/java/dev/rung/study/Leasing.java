package dev.rung.study;

import dev.rung.space.Assignment;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** Gives a trial a slot. */
final class Leasing {
  private Leasing() {}

  /** Index of the rung that a trial without a slot will head for: a copy heads for the next. */
  static int firstRung(StudyView study, int number) {
    Lineage lineage = study.cloned().get(number);
    return lineage != null ? lineage.rung() : study.bracketOf(number).ladder().start();
  }

  /**
   * Leases an attempt.
   *
   * @param rung index of the rung that the trial heads for
   * @param grant of the slot
   * @param before events that come first
   */
  static Decision lease(
      StudyView study,
      int number,
      int rung,
      StudyCommand.Grant grant,
      List<StudyEvent> before,
      Numbering n) {
    Slot slot = grant.slot();
    long milestone = study.bracketOf(number).ladder().level(rung);
    Trial trial = study.trial(number);
    Assignment assignment =
        trial == null ? Objects.requireNonNull(study.suggested().get(number)) : trial.assignment();
    Lineage lineage = study.cloned().get(number);
    Fallback all =
        trial != null
            ? trial.fallback()
            : new Fallback(lineage == null ? null : lineage.checkpoint(), null);
    Reach reach = grant.reach();
    Entry.Checkpoint resume = all.within(milestone, reach).resumeFor(milestone);
    AttemptRef ref = new AttemptRef(number, trial == null ? 1 : trial.attempts().size() + 1);
    List<StudyEvent> events = new ArrayList<>(before);
    events.add(
        new StudyEvent.AttemptLeased(
            n.next(),
            n.time(),
            ref,
            slot,
            resume == null ? 0 : resume.step(),
            rung,
            milestone,
            resume));
    events.addAll(all.giveUp(number, milestone, reach, n));
    return new Decision(
        events,
        new StudyReply.Used(ref),
        List.of(
            new StudyEffect.Start(ref, slot, new StudyEffect.Work(assignment, milestone, resume))),
        List.of());
  }
}
