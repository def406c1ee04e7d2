package dev.rung.study;

import dev.rung.space.Assignment;
import dev.rung.space.KeyedRandom;
import dev.rung.space.Perturbation;

/** Copies of trials with changed hyper-parameters, which go on from the copied one's checkpoint. */
final class Cloning {
  private Cloning() {}

  static Decision decide(StudyView study, StudyCommand.Clone c, Numbering n) {
    boolean goesOn = study.status() == StudyStatus.RUNNING || study.status() == StudyStatus.PAUSED;
    Trial parent = StudyKernel.existing(study, c.parent());
    Entry.Checkpoint checkpoint = parent.checkpoint();
    boolean isDone =
        checkpoint != null && checkpoint.step() >= study.plan().resource().max();
    if (!goesOn || checkpoint == null || isDone) {
      return Decision.nothing();
    }
    int trial = study.nextTrial();
    Assignment assignment =
        Perturbation.of(
            study.plan().space(),
            parent.assignment(),
            KeyedRandom.stream(study.plan().seed(), "explore", trial));
    return Decision.of(
        null,
        new StudyEvent.TrialCloned(
            n.next(), n.time(), trial, c.parent(), c.replaced(), checkpoint, assignment));
  }
}
