package dev.rung.cli;

import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyState;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * How fast trials reach the first rung, over the last minute that was watched, or since the study
 * began where less was watched.
 */
final class Rate {
  private static final long WINDOW_NANOS = Duration.ofMinutes(1).toNanos();
  private static final long SHORTEST_NANOS = Duration.ofSeconds(10).toNanos();
  private static final double NANOS_PER_HOUR = 3.6e12;

  private final Deque<Sample> samples = new ArrayDeque<>();
  private double perHour;
  private Optional<Duration> untilTheEnd = Optional.empty();
  private long missing; // trials that the budget has left; -1: nothing tells it

  private record Sample(long nanos, long trials) {}

  /** Takes the study as it is at a moment. */
  void sample(Study study, long nanos) {
    long trials = study.getRungsCount() == 0 ? 0 : study.getRungs(0).getEntered();
    samples.addLast(new Sample(nanos, trials));
    while (nanos - samples.getFirst().nanos() > WINDOW_NANOS) {
      samples.removeFirst();
    }
    Sample first = samples.getFirst();
    long span = nanos - first.nanos();
    perHour =
        span >= SHORTEST_NANOS
            ? (trials - first.trials()) * NANOS_PER_HOUR / span
            : trials * NANOS_PER_HOUR / Math.max(1, StudyText.elapsed(study).toNanos());
    untilTheEnd = study.hasLeft() ? Optional.of(StudyText.left(study)) : Optional.empty();
    boolean isUntold =
        study.getTrialBudget() == 0 || study.getState() == StudyState.STUDY_STATE_ENDED;
    missing = isUntold ? -1 : Math.max(0, study.getTrialBudget() - trials);
  }

  /** Trials an hour. */
  double perHour() {
    return perHour;
  }

  /** Until every trial of the budget has reached the first rung; empty where nothing tells it. */
  Optional<Duration> left() {
    return missing < 0 || perHour <= 0
        ? Optional.empty()
        : Optional.of(Duration.ofSeconds((long) (missing * 3600 / perHour)));
  }

  /**
   * For instance {@code 410 trials/h, about 7:10 left}, or where nothing tells this {@code 410
   * trials/h, about 5:20 left for new trials}.
   */
  String text() {
    String speed = "%,.0f trials/h".formatted(perHour);
    if (untilTheEnd.isPresent()) {
      return speed + ", about " + Text.duration(untilTheEnd.get()) + " left";
    }
    if (missing == 0) {
      return speed + ", the last promotions";
    }
    return speed
        + left().map(d -> ", about " + Text.duration(d) + " left for new trials").orElse("");
  }
}
