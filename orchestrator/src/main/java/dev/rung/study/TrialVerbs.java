package dev.rung.study;

import dev.rung.study.StudyReply.Done;

/** What a person may ask of one trial. */
final class TrialVerbs {
  private TrialVerbs() {}

  /** Ends a trial: at once where it waits or is paused, by a STOP where it runs. */
  static Decision stop(StudyView study, StudyCommand.StopTrial c, Numbering n) {
    Trial trial = study.trial(c.trial());
    if (trial == null) {
      return unknown(study, c.trial());
    }
    return switch (trial.status()) {
      case WAITING, PAUSED, AWAITING_METRIC ->
          Decision.of(new Done(), stopped(c, n))
              .and(Dropping.ended(study, trial, TrialStatus.STOPPED));
      case RUNNING -> {
        Attempt attempt = trial.lastAttempt();
        if (attempt.isToldToStop()) {
          yield Decision.reply(new Done());
        }
        AttemptRef ref = new AttemptRef(trial.number(), attempt.number());
        Order order = attempt.nextOrder(Order.Kind.STOP, 0, c.reason());
        yield Decision.of(new Done(), stopped(c, n))
            .with(new StudyEffect.Tell(attempt.slot().node(), ref, order));
      }
      case COMPLETED, STOPPED, FAILED, INFEASIBLE -> Decision.reply(new Done());
    };
  }

  /** Lets a failed trial go on from its last checkpoint, with its retries as at its begin. */
  static Decision retry(StudyView study, StudyCommand.RetryTrial c, Numbering n) {
    Trial trial = study.trial(c.trial());
    if (trial == null) {
      return unknown(study, c.trial());
    }
    if (trial.status() == TrialStatus.WAITING) {
      return Decision.reply(new Done());
    }
    if (trial.status() != TrialStatus.FAILED) {
      return Decision.rejected(
          ErrorCode.CONFLICT,
          "expected a failed trial to retry, but trial %d is %s"
              .formatted(trial.number(), trial.status()));
    }
    if (study.status() != StudyStatus.RUNNING && study.status() != StudyStatus.PAUSED) {
      return Decision.rejected(
          ErrorCode.CONFLICT,
          "expected a running study to retry a trial, but this one is over: " + study.reason());
    }
    return Decision.of(new Done(), new StudyEvent.TrialRetried(n.next(), n.time(), c.trial()));
  }

  private static StudyEvent stopped(StudyCommand.StopTrial c, Numbering n) {
    return new StudyEvent.TrialStopped(n.next(), n.time(), c.trial(), c.reason());
  }

  private static Decision unknown(StudyView study, int trial) {
    boolean comes = study.suggested().containsKey(trial) || study.asked().containsKey(trial);
    return comes
        ? Decision.rejected(
            ErrorCode.CONFLICT,
            "expected a trial that has begun, but trial %d waits for its first slot"
                .formatted(trial))
        : Decision.rejected(ErrorCode.NOT_FOUND, "there is no trial " + trial);
  }
}
