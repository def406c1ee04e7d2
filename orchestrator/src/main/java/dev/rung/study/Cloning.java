package dev.rung.study;

import dev.rung.halving.Ladder;
import dev.rung.space.Assignment;
import dev.rung.space.KeyedRandom;
import dev.rung.space.Perturbation;

/** Copies of trials with changed hyper-parameters, which go on from the copied one's checkpoint. */
final class Cloning {
  private Cloning() {}

  static Decision decide(StudyView study, StudyCommand.Clone c, Numbering n) {
    boolean goesOn = study.status() == StudyStatus.RUNNING || study.status() == StudyStatus.PAUSED;
    Trial parent = StudyKernel.existing(study, c.parent());
    int trial = study.nextTrial();
    Ladder ladder = study.bracketOf(trial).ladder();
    // It is compared next where its parent is, and not again where the parent was.
    int rung = Math.min(parent.entering, ladder.top());
    Entry.Checkpoint checkpoint = parent.resumeFor(ladder.level(rung));
    if (!goesOn || checkpoint == null) {
      return Decision.nothing();
    }
    Assignment assignment =
        Perturbation.of(
            study.plan().space(),
            parent.assignment(),
            KeyedRandom.stream(study.plan().seed(), "explore", trial));
    return Decision.of(
        null,
        new StudyEvent.TrialCloned(
            n.next(), n.time(), trial, c.parent(), c.replaced(), rung, checkpoint, assignment));
  }
}
