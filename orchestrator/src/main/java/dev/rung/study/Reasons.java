package dev.rung.study;

import dev.rung.halving.Evidence;
import dev.rung.halving.Score;
import dev.rung.study.StudyEvent.Judged;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.stream.Collectors;

/** Decisions in words. */
public final class Reasons {
  private Reasons() {}

  /** A verdict. */
  public static String of(Judged e) {
    return switch (e.verdict()) {
      case CONTINUE -> "goes on in its slot: " + standing(e.evidence());
      case PAUSE ->
          e.yields().orElse(false)
              ? "paused, since another study needs the slot more: " + standing(e.evidence())
              : "paused: " + standing(e.evidence());
      case STOP -> stop(e);
    };
  }

  private static String stop(Judged e) {
    Evidence evidence = e.evidence();
    if (e.cause() == Cause.STOPPED) {
      return "stopped: " + standing(evidence);
    }
    if (e.cause() == Cause.DIVERGED) {
      return "stopped: the value %s at rung %d is not finite"
          .formatted(number(evidence.value()), evidence.level());
    }
    return "reached the top rung %d with %s, rank %d of %d"
        .formatted(evidence.level(), number(evidence.value()), evidence.rank() + 1, evidence.n());
  }

  /** A trial waits for metrics from outside. */
  public static String awaits(StudyPlan plan, long level) {
    return "paused: at rung %d it waits for %s from outside"
        .formatted(
            level,
            plan.objectives().stream()
                .filter(StudyPlan.Objective::isExternal)
                .map(StudyPlan.Objective::name)
                .collect(Collectors.joining(", ")));
  }

  /** The end of a study, to go on after "since" or alone. */
  static String of(EndReason reason) {
    return "the study ends: " + reason.text();
  }

  /** The end of an attempt, in one line. */
  public static String of(StudyEvent.AttemptEnded e) {
    return switch (e.cause()) {
      // What was said at the milestone says it all.
      case COMPLETED, PAUSED, STOPPED ->
          e.message().isEmpty() ? e.cause().name() : firstLine(e.message());
      case PREEMPTED,
          LOST,
          OUT_OF_MEMORY,
          DIVERGED,
          INFEASIBLE,
          NO_METRICS,
          USER_ERROR,
          BAD_CHECKPOINT ->
          e.message().isEmpty() ? e.cause().name() : e.cause() + ": " + firstLine(e.message());
    };
  }

  /** A checkpoint is lost, with the price. */
  public static String of(StudyEvent.CheckpointLost e) {
    return "goes on %s, so %d steps are trained again: the checkpoint at step %d is lost: %s"
        .formatted(
            e.from() == 0 ? "from scratch" : "from step " + e.from(),
            e.lost().step() - e.from(),
            e.lost().step(),
            firstLine(e.reason()));
  }

  /** The first line of a message: a stack trace and the log's tail may follow it. */
  static String firstLine(String message) {
    return message.lines().findFirst().orElse("");
  }

  /** A value as people read it: six significant digits. */
  static String number(double value) {
    if (!Double.isFinite(value)) {
      return Double.toString(value);
    }
    BigDecimal rounded = BigDecimal.valueOf(value).round(new MathContext(6)).stripTrailingZeros();
    boolean plain = value == 0 || (Math.abs(value) >= 1e-4 && Math.abs(value) < 1e12);
    return plain ? rounded.toPlainString() : rounded.toString();
  }

  /**
   * Where a trial stands in its rung, for instance "value 0.91 at rung 3 ranks 2 of 9; the best 3
   * may go on". Ranks count from 1 for people.
   */
  public static String standing(Evidence e) {
    String quota =
        e.cutoff() == 0
            ? "none may go on yet"
            : e.cutoff() == 1 ? "only the best may go on" : "the best " + e.cutoff() + " may go on";
    // Made with each verdict: formatting by a pattern takes several times as long.
    return values(e)
        + " at rung "
        + e.level()
        + " ranks "
        + (e.rank() + 1)
        + " of "
        + e.n()
        + (e.place().isPresent() && e.place().get().score().values().size() > 1
            ? " (front " + (e.place().get().front() + 1) + ")"
            : "")
        + "; "
        + quota;
  }

  private static String values(Evidence e) {
    if (e.place().isEmpty()) {
      return "value " + number(e.value());
    }
    Score score = e.place().get().score();
    String values =
        score.values().stream().map(Reasons::number).collect(Collectors.joining(" and "));
    return (score.values().size() == 1 ? "value " : "values ")
        + values
        + (score.violation() == 0
            ? ""
            : ", which misses the constraints by " + number(score.violation()) + ",");
  }
}
