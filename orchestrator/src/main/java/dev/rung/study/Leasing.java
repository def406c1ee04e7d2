package dev.rung.study;

import dev.rung.space.Assignment;
import dev.rung.study.StudyEvent.CheckpointLost;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalDouble;

/** Gives a trial a slot. */
final class Leasing {
  private Leasing() {}

  /** Index of the rung that a trial without a slot will head for: a copy heads for the next. */
  static int firstRung(StudyView study, int number) {
    Lineage lineage = study.cloned().get(number);
    return lineage != null ? lineage.rung() : study.bracketOf(number).ladder().start();
  }

  /** The checkpoints that a trial may go on from: those of its parent, if it is a copy. */
  static Fallback checkpoints(StudyView study, int number) {
    Trial trial = study.trial(number);
    Lineage lineage = study.cloned().get(number);
    return trial != null
        ? trial.fallback()
        : new Fallback(lineage == null ? null : lineage.checkpoint(), null);
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
    Fallback all = checkpoints(study, number);
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
            resume,
            price(grant, StudyKernel.request(study, assignment))));
    List<CheckpointLost> lost = all.giveUp(number, milestone, reach, n);
    events.addAll(lost);
    List<StudyEffect> effects = new ArrayList<>();
    effects.add(
        new StudyEffect.Start(ref, slot, new StudyEffect.Work(assignment, milestone, resume)));
    if (trial != null) {
      effects.addAll(Dropping.givenUp(study, trial, lost));
    }
    return new Decision(events, new StudyReply.Used(ref), effects, List.of());
  }

  private static OptionalDouble price(StudyCommand.Grant grant, SlotRequest request) {
    double price = grant.offer().map(SlotOffer::hourPrice).orElse(0.0) * request.slots();
    return price == 0 ? OptionalDouble.empty() : OptionalDouble.of(price);
  }
}
