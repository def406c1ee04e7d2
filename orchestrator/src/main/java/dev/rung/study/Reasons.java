package dev.rung.study;

import dev.rung.halving.Evidence;
import dev.rung.study.StudyEvent.Judged;

/** Decisions in words. */
public final class Reasons {
  private Reasons() {}

  /** A verdict. */
  public static String of(Judged e) {
    return switch (e.verdict()) {
      case CONTINUE -> "goes on in its slot: " + standing(e.evidence());
      case PAUSE -> "paused: " + standing(e.evidence());
      case STOP ->
          e.cause() == Cause.DIVERGED
              ? "stopped: the value %s at rung %d is not finite"
                  .formatted(e.evidence().value(), e.evidence().level())
              : "reached the top rung %d with %s, rank %d of %d"
                  .formatted(
                      e.evidence().level(),
                      e.evidence().value(),
                      e.evidence().rank() + 1,
                      e.evidence().n());
    };
  }

  /** The end of a study, to go on after "since" or alone. */
  static String of(EndReason reason) {
    return "the study ends: " + reason.text();
  }

  /** The end of an attempt. */
  public static String of(StudyEvent.AttemptEnded e) {
    String message = e.message().isEmpty() ? "" : ": " + e.message();
    return e.cause() + message;
  }

  /**
   * Where a trial stands in its rung, for instance "value 0.91 at rung 3 ranks 2 of 9; the best 3
   * may go on". Ranks count from 1 for people.
   */
  public static String standing(Evidence e) {
    String quota =
        e.cutoff() == 0
            ? "none may go on yet"
            : e.cutoff() == 1
                ? "only the best may go on"
                : "the best %d may go on".formatted(e.cutoff());
    return "value %s at rung %d ranks %d of %d; %s"
        .formatted(e.value(), e.level(), e.rank() + 1, e.n(), quota);
  }
}
