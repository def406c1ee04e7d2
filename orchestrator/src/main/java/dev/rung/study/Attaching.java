package dev.rung.study;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares which attempts a node says that it runs with those that the study gave it. */
final class Attaching {
  private Attaching() {}

  static Decision decide(StudyView study, StudyCommand.Attach c) {
    Map<AttemptRef, Long> acked = new HashMap<>();
    Map<AttemptRef, Order> orders = new HashMap<>();
    for (AttemptRef ref : c.running()) {
      Attempt attempt = StudyKernel.attempt(study, ref, Optional.of(c.node()));
      if (attempt == null) {
        orders.put(ref, Order.fenced("there is no such attempt"));
      } else if (!attempt.isLive()) {
        orders.put(ref, attempt.afterEnd());
      } else if (attempt.order() != null) {
        orders.put(ref, attempt.order());
      }
      if (attempt != null) {
        acked.put(ref, attempt.ackedSeq());
      }
    }
    List<StudyEffect> effects = new ArrayList<>();
    List<StudyCommand> next = new ArrayList<>();
    for (int number : study.running()) {
      Attempt attempt = StudyKernel.existing(study, number).lastAttempt();
      AttemptRef ref = new AttemptRef(number, attempt.number());
      if (!attempt.slot().node().equals(c.node()) || c.running().contains(ref)) {
        continue;
      }
      if (attempt.slot().incarnation() < c.incarnation()) {
        next.add(StudyKernel.lost(ref, "node " + c.node() + " was started anew"));
      } else if (attempt.slot().incarnation() == c.incarnation()) {
        if (attempt.ackedSeq() == 0) {
          effects.add(StudyKernel.start(study, ref));
        } else {
          // It began, and a node names every attempt whose log is not durable whole.
          next.add(StudyKernel.lost(ref, "node " + c.node() + " does not know it any more"));
        }
      }
    }
    return new Decision(List.of(), new StudyReply.Attached(acked, orders), effects, next);
  }
}
