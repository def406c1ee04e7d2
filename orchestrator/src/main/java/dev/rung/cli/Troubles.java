package dev.rung.cli;

import com.google.protobuf.util.Timestamps;
import dev.rung.proto.v1.Attempt;
import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.Trial;
import dev.rung.proto.v1.TrialState;
import java.time.Duration;
import java.util.Comparator;

/** Looks for what went wrong last in a study, without asking for all its trials again and again. */
final class Troubles {
  private static final long INTERVAL_NANOS = Duration.ofSeconds(5).toNanos();
  private static final int NEWEST = 500;

  private final Client client;
  private final Pace pace;
  private String last = "";
  private long seen;
  private boolean asked;
  private long askedAt;

  Troubles(Client client, Pace pace) {
    this.client = client;
    this.pace = pace;
  }

  /** The last problem among the newest trials, in one line; empty: there was none. */
  String last(Study study) {
    long now = pace.nanos();
    long troubled =
        States.count(study, TrialState.TRIAL_STATE_FAILED)
            + States.count(study, TrialState.TRIAL_STATE_INFEASIBLE)
            + States.count(study, TrialState.TRIAL_STATE_WAITING);
    boolean due = !asked || now - askedAt >= INTERVAL_NANOS;
    if (troubled != seen && due) {
      seen = troubled;
      asked = true;
      askedAt = now;
      last = newest(study);
    }
    return last;
  }

  private String newest(Study study) {
    record Trouble(Trial trial, Attempt attempt) {}
    return client.trials(study.getId(), Math.max(0, States.total(study) - NEWEST)).stream()
        .flatMap(trial -> trial.getAttemptsList().stream().map(a -> new Trouble(trial, a)))
        .filter(t -> isTrouble(t.attempt().getCause()))
        .max(Comparator.comparing(t -> t.attempt().getEnded(), Timestamps.comparator()))
        .map(t ->
            "trial %d on %s: %s%s"
                .formatted(
                    t.trial().getNumber(),
                    t.attempt().getNode(),
                    States.name(t.attempt().getCause()),
                    firstLine(t.attempt().getMessage())))
        .orElse("");
  }

  private static String firstLine(String message) {
    return message.isEmpty() ? "" : ": " + Text.firstLine(message);
  }

  private static boolean isTrouble(Cause cause) {
    return switch (cause) {
      case CAUSE_LOST,
          CAUSE_OUT_OF_MEMORY,
          CAUSE_INFEASIBLE,
          CAUSE_NO_METRICS,
          CAUSE_USER_ERROR,
          CAUSE_BAD_CHECKPOINT ->
          true;
      case CAUSE_UNSPECIFIED,
          CAUSE_COMPLETED,
          CAUSE_PAUSED,
          CAUSE_STOPPED,
          CAUSE_PREEMPTED,
          CAUSE_DIVERGED,
          UNRECOGNIZED ->
          false;
    };
  }
}
