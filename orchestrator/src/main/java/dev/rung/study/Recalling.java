package dev.rung.study;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Tells a loop which attempts it has, and where each of them stands. */
final class Recalling {
  private Recalling() {}

  static Decision decide(StudyView study, StudyCommand.Recall c) {
    List<StudyReply.Held> held = new ArrayList<>();
    for (int number : study.running()) {
      Attempt attempt = StudyKernel.existing(study, number).lastAttempt();
      if (attempt.slot().node().equals(c.node())) {
        AttemptRef ref = new AttemptRef(number, attempt.number());
        held.add(
            new StudyReply.Held(
                ref,
                RunOrders.of(study, StudyKernel.start(study, ref)),
                attempt.ackedSeq(),
                Optional.ofNullable(attempt.order())));
      }
    }
    return Decision.reply(new StudyReply.Recalled(held, study.status() == StudyStatus.ENDED));
  }
}
