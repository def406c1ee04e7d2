package dev.rung.study;

import dev.rung.study.StudyEvent.AttemptEnded;
import dev.rung.study.StudyEvent.RungEntered;
import dev.rung.study.StudyEvent.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Says what becomes of a trial whose attempt ended, by the cause and the verdict it had. */
final class Ending {
  /** Losses in a row, without a new checkpoint between them, after which a trial goes on again. */
  static final int LOST_RETRIES = 5;

  /** Of one trial. */
  static final int OUT_OF_MEMORY_RETRIES = 1;

  /** Of one trial. */
  static final int USER_ERROR_RETRIES = 1;

  private Ending() {}

  static Decision decide(StudyView study, StudyCommand.End c, Numbering n) {
    Trial trial = StudyKernel.existing(study, c.attempt().trial());
    Attempt attempt = trial.lastAttempt();
    Cause cause = cause(trial, attempt, c.cause());
    TrialStatus next = next(study, trial, attempt, cause);
    String message =
        cause == Cause.NO_METRICS ? noMetrics(study, trial, attempt, c.message()) : c.message();
    List<StudyEvent> events = new ArrayList<>(2);
    List<StudyEffect> drops = new ArrayList<>(Dropping.ended(study, trial, next));
    if (cause == Cause.BAD_CHECKPOINT) {
      Entry.Checkpoint lost = Objects.requireNonNull(trial.resumeFor(attempt.milestone()));
      events.add(trial.fallback().lost(trial.number(), attempt.milestone(), lost, c.message(), n));
      drops.addAll(Dropping.lost(study, trial, lost));
    }
    boolean worst =
        next == TrialStatus.FAILED || (next == TrialStatus.STOPPED && cause == Cause.DIVERGED);
    if (worst && trial.entering <= attempt.rung) {
      events.add(
          new RungEntered(
              n.next(),
              n.time(),
              trial.number(),
              attempt.lastStep(),
              attempt.rung,
              attempt.rung,
              Double.NaN,
              Optional.empty()));
    }
    events.add(
        new AttemptEnded(n.next(), n.time(), c.attempt(), cause, message, c.byServer(), next));
    return new Decision(
        events,
        null,
        drops,
        List.of(new StudyCommand.Revise(), new StudyCommand.Vet(attempt.slot().node())));
  }

  /** The cause that counts: what the trainer says, unless the study knows better. */
  private static Cause cause(Trial trial, Attempt attempt, Cause said) {
    if (said == Cause.BAD_CHECKPOINT && !isAtItsBegin(trial, attempt)) {
      return Cause.USER_ERROR;
    }
    boolean willingly = said == Cause.COMPLETED || said == Cause.PAUSED || said == Cause.STOPPED;
    if (attempt.verdict == Verdict.STOP && attempt.stopCause != null && willingly) {
      return attempt.stopCause;
    }
    boolean doneWithoutVerdict =
        attempt.verdict == null
            && (said == Cause.COMPLETED || (said == Cause.STOPPED && !attempt.isToldToStop()));
    return doneWithoutVerdict ? Cause.NO_METRICS : said;
  }

  /** Whether the attempt has said nothing but its end, and had a checkpoint to go on from. */
  private static boolean isAtItsBegin(Trial trial, Attempt attempt) {
    return attempt.ackedSeq() <= 1 && trial.resumeFor(attempt.milestone()) != null;
  }

  private static TrialStatus next(StudyView study, Trial trial, Attempt attempt, Cause cause) {
    if (cause == Cause.INFEASIBLE) {
      return TrialStatus.INFEASIBLE;
    }
    if (attempt.verdict == Verdict.STOP) {
      return attempt.stopCause == Cause.COMPLETED ? TrialStatus.COMPLETED : TrialStatus.STOPPED;
    }
    if (attempt.isToldToStop()) {
      return TrialStatus.STOPPED;
    }
    if (trial.awaited() != null) {
      // The trainer has done its part, however its attempt ended.
      return afterScore(study, trial, trial.awaited());
    }
    if (attempt.verdict == Verdict.PAUSE) {
      // The entry stands however the attempt ended; only a finished training cannot go on.
      return cause == Cause.COMPLETED ? TrialStatus.COMPLETED : TrialStatus.PAUSED;
    }
    return switch (cause) {
      case PAUSED, PREEMPTED, BAD_CHECKPOINT -> TrialStatus.WAITING;
      case LOST -> retry(trial.lostInRow, LOST_RETRIES);
      case OUT_OF_MEMORY -> retry(trial.outOfMemory, OUT_OF_MEMORY_RETRIES);
      case USER_ERROR -> retry(trial.userErrors, USER_ERROR_RETRIES);
      case DIVERGED -> TrialStatus.STOPPED;
      case COMPLETED, STOPPED, NO_METRICS -> TrialStatus.FAILED;
      case INFEASIBLE -> TrialStatus.INFEASIBLE;
    };
  }

  /** What a trial is once nothing is left to come from its trainer. */
  static TrialStatus afterScore(StudyView study, Trial trial, Awaited awaited) {
    if (!awaited.judged()) {
      return TrialStatus.AWAITING_METRIC;
    }
    if (!Objectives.score(study.plan(), awaited.known()).isFinite()) {
      return TrialStatus.STOPPED;
    }
    return Judging.isLast(study, trial.number(), trial.rung())
        ? TrialStatus.COMPLETED
        : TrialStatus.PAUSED;
  }

  private static TrialStatus retry(int before, int retries) {
    return before < retries ? TrialStatus.WAITING : TrialStatus.FAILED;
  }

  /**
   * @param said what the trainer says of it, if anything: its last lines perhaps
   */
  private static String noMetrics(StudyView study, Trial trial, Attempt attempt, String said) {
    String expected = String.join(", ", Objectives.measured(study.plan()));
    String came =
        study.metricNames().isEmpty()
            ? "no metrics at all"
            : String.join(", ", study.metricNames());
    String missing =
        "expected %s at or past step %d, but the training ended at step %d; trainers sent: %s"
            .formatted(expected, attempt.milestone(), trial.step(), came);
    return said.isEmpty() ? missing : missing + "\n\n" + said;
  }
}
