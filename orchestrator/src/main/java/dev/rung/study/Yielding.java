package dev.rung.study;

import dev.rung.study.StudyEvent.AttemptYielded;
import dev.rung.study.StudyEvent.YieldAsked;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * Gives slots to other studies that have less than their share: where an attempt comes to a
 * milestone it does not go on in its slot, and where that takes too long the attempts that lose
 * least end after their next checkpoint. No trial loses its right to go on by it.
 */
final class Yielding {
  static final String WHY = "another study needs the slot more";

  private Yielding() {}

  static Decision decide(StudyView study, StudyCommand.Yield c, Numbering n) {
    List<StudyEvent> events = new ArrayList<>();
    List<StudyEffect> effects = new ArrayList<>();
    int slots = (int) Math.min(c.slots(), inFleet(study).count());
    if (slots != study.toYield()) {
      events.add(new YieldAsked(n.next(), n.time(), slots));
    }
    int more = Math.min(c.soon(), slots) - leaving(study);
    for (Trial trial : cheapest(study, more)) {
      Attempt attempt = trial.lastAttempt();
      AttemptRef ref = new AttemptRef(trial.number(), attempt.number());
      String reason = "gives its slot up, since " + c.reason();
      events.add(new AttemptYielded(n.next(), n.time(), ref, reason));
      effects.add(
          new StudyEffect.Tell(
              attempt.slot().node(), ref, attempt.nextOrder(Order.Kind.YIELD, 0, reason)));
    }
    return new Decision(events, new StudyReply.Done(), effects, List.of());
  }

  /** Whether an attempt that would go on is to give its slot up. */
  static boolean isDue(StudyView study, Attempt attempt) {
    return attempt.isYielding()
        || (study.toYield() > 0 && isInFleet(attempt) && study.toYield() > leaving(study));
  }

  static int leaving(StudyView study) {
    return (int) inFleet(study).filter(trial -> trial.lastAttempt().isLeaving()).count();
  }

  /** Trials that train in slots which other studies could have. */
  private static Stream<Trial> inFleet(StudyView study) {
    return study.running().stream()
        .map(number -> StudyKernel.existing(study, number))
        .filter(trial -> isInFleet(trial.lastAttempt()));
  }

  /** A loop brings its own slot, which nobody else gets. */
  private static boolean isInFleet(Attempt attempt) {
    return !LoopNode.is(attempt.slot().node());
  }

  /** Trials that train, those first which have trained least since their last checkpoint. */
  private static List<Trial> cheapest(StudyView study, int count) {
    if (count <= 0) {
      return List.of();
    }
    return inFleet(study)
        .filter(trial -> !trial.lastAttempt().isLeaving())
        .sorted(
            Comparator.comparingLong(Yielding::unsaved)
                .thenComparing(trial -> trial.lastAttempt().leasedAt(), Comparator.reverseOrder())
                .thenComparing(Trial::number, Comparator.reverseOrder()))
        .limit(count)
        .toList();
  }

  /** Steps that would have to be trained again from the newest checkpoint. */
  private static long unsaved(Trial trial) {
    Attempt attempt = trial.lastAttempt();
    Entry.Checkpoint saved = trial.resumeFor(attempt.milestone());
    return attempt.lastStep() - (saved == null ? 0 : saved.step());
  }
}
