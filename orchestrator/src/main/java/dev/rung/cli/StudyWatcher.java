package dev.rung.cli;

import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyState;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Follows a study until it ends. A server that goes away for a while is waited for. */
final class StudyWatcher {
  private static final Duration INTERVAL = Duration.ofMillis(500);
  private static final long PATIENCE_NANOS = Duration.ofMinutes(1).toNanos();

  private final Client client;
  private final Progress progress;
  private final Pace pace;
  private final Rate rate = new Rate();
  private final Troubles troubles;

  private boolean isAway;
  private long awaySince;
  private boolean saidIdle;

  StudyWatcher(Client client, Progress progress, Pace pace) {
    this.client = client;
    this.progress = progress;
    this.pace = pace;
    this.troubles = new Troubles(client, pace);
  }

  /**
   * Follows a study.
   *
   * @param study id, start of an id, or name
   * @param timeout longest wait
   * @param check sees what is known of the study each time, nothing at first; what it throws ends
   *     the watch
   * @return the study after its end
   * @throws Failure the time is over, or there is no such study
   */
  Study untilEnded(String study, Optional<Duration> timeout, Consumer<Optional<Study>> check) {
    long start = pace.nanos();
    @Nullable Study seen = null;
    while (true) {
      check.accept(Optional.ofNullable(seen));
      Optional<Study> now = look(seen == null ? study : seen.getId(), seen != null);
      if (now.isPresent()) {
        seen = now.get();
        rate.sample(seen, pace.nanos());
        if (seen.getState() == StudyState.STUDY_STATE_ENDED) {
          progress.end(seen, rate);
          return seen;
        }
        progress.show(seen, rate, troubles.last(seen));
        noteIdle(seen);
      }
      if (timeout.isPresent() && pace.nanos() - start >= timeout.get().toNanos()) {
        throw new Failure(
            Failure.FAILED,
            "timed out after %s; the study goes on".formatted(DurationOption.text(timeout.get())));
      }
      try {
        pace.sleep(INTERVAL);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new Failure(Failure.FAILED, "interrupted; the study goes on");
      }
    }
  }

  /** The study, or nothing while a server that has answered before does not. */
  private Optional<Study> look(String study, boolean hasAnswered) {
    try {
      Study now = client.study(study);
      if (isAway) {
        isAway = false;
        progress.note("the server at %s is back".formatted(client.address()));
      }
      return Optional.of(now);
    } catch (Failure e) {
      if (!hasAnswered || e.exit() != Failure.NO_SERVER) {
        throw e;
      }
      if (!isAway) {
        isAway = true;
        awaySince = pace.nanos();
        progress.note("the server at %s does not answer; trying again".formatted(client.address()));
      } else if (pace.nanos() - awaySince >= PATIENCE_NANOS) {
        throw e;
      }
      return Optional.empty();
    }
  }

  /** Says once what a study needs that no node has. */
  private void noteIdle(Study study) {
    if (!study.getWaitsFor().isEmpty() && !saidIdle) {
      progress.note("waits: " + study.getWaitsFor());
    }
    saidIdle = !study.getWaitsFor().isEmpty();
  }
}
