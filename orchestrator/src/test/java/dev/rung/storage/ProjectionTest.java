package dev.rung.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.storage.ReadSide.AttemptRow;
import dev.rung.storage.ReadSide.StudyRow;
import dev.rung.storage.ReadSide.TrialRow;
import dev.rung.study.Attempt;
import dev.rung.study.AttemptRef;
import dev.rung.study.Cause;
import dev.rung.study.Entry;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyState;
import dev.rung.study.StudySummary;
import dev.rung.study.Trial;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ProjectionTest {
  private static final int SEEDS = 40;

  @SuppressWarnings("NullAway.Init") // Set before the first test.
  private TestStore store;

  @BeforeAll
  void open(@TempDir Path temp) {
    store = new TestStore(temp);
  }

  @AfterAll
  void close() {
    store.close();
  }

  /** A new projection each time is what a restart makes. */
  @Test
  void shouldHaveTheRowsOfTheStateWhereverItStops() {
    for (long seed = 0; seed < SEEDS; seed++) {
      Random random = new Random(seed);
      RandomStudy study = RandomStudy.of(seed);
      int size = study.events().size();
      int done = 0;
      while (done < size) {
        int next = Math.min(size, done + 1 + random.nextInt(100));
        store.append(study.id(), study.events().subList(done, next));
        done = next;
        assertThat(store.project(study.id())).isPositive();
        assertThat(store.project(study.id())).isZero();
        if (random.nextInt(4) == 0 || done == size) {
          assertRows(study, done);
        }
      }
    }
  }

  @Test
  void shouldWriteNothingTwiceWhenATransactionFailsInTheMiddle() {
    RandomStudy study = RandomStudy.of(1_001);
    store.append(study.id(), study.events());
    StudyEvent.Judged judged =
        study.events().stream()
            .filter(StudyEvent.Judged.class::isInstance)
            .map(StudyEvent.Judged.class::cast)
            .skip(3)
            .findFirst()
            .orElseThrow();
    store.update(
        "insert into verdict values (?, ?, ?, 0, 0, '', null, '')",
        study.id(),
        judged.attempt().trial(),
        judged.number());
    assertThatThrownBy(() -> store.project(study.id())).isInstanceOf(StorageException.class);
    assertThat(store.readSide.projected(study.id())).isZero();
    assertThat(store.readSide.trials(study.id(), 0, 10)).isEmpty();
    store.update("delete from verdict where study = ?", study.id());
    projectAll(study);
    assertRows(study, study.events().size());
  }

  @Test
  void shouldWriteEveryEventOnceWhenProjectionsRace() throws Exception {
    RandomStudy study = RandomStudy.of(1_002);
    int size = study.events().size();
    store.append(study.id(), study.events().subList(0, 1));
    assertThat(store.project(study.id())).isEqualTo(1);
    try (ExecutorService racers = Executors.newFixedThreadPool(4)) {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        ends.add(racers.submit(() -> projectAll(study)));
      }
      for (int from = 1; from < size; from += 5) {
        store.append(study.id(), study.events().subList(from, Math.min(from + 5, size)));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    }
    assertRows(study, size);
  }

  private void projectAll(RandomStudy study) {
    while (store.readSide.projected(study.id()) < study.events().size()) {
      store.project(study.id());
    }
  }

  private void assertRows(RandomStudy study, int count) {
    StudyState state = study.state(count);
    List<StudyEvent> events = study.events().subList(0, count);
    String id = study.id();
    assertThat(store.readSide.projected(id)).isEqualTo(count);
    Optional<StudySummary> summary =
        events.stream()
            .filter(StudyEvent.StudyEnded.class::isInstance)
            .map(end -> StudySummary.of(study.state((int) end.number())))
            .findFirst();
    assertThat(store.readSide.find(id))
        .containsExactly(
            new StudyRow(
                id,
                state.plan().name(),
                state.createdAt(),
                state.status().name(),
                state.reason(),
                summary));
    Map<AttemptRef, String> ends = ends(events);
    assertThat(store.readSide.trials(id, 0, 1_000))
        .isEqualTo(state.trials().stream().map(t -> row(state, t, ends)).toList());
    List<Long> verdicts = new ArrayList<>();
    for (Trial trial : state.trials()) {
      store.readSide.verdicts(id, trial.number()).stream()
          .filter(row -> List.of("continue", "pause", "stop").contains(row.verdict()))
          // Without evidence it was stopped by hand.
          .filter(row -> row.evidence() != null)
          .forEach(row -> verdicts.add(row.event()));
      assertThat(store.readSide.trial(id, trial.number())).contains(row(state, trial, ends));
    }
    assertThat(verdicts)
        .containsExactlyInAnyOrderElementsOf(
            events.stream()
                .filter(StudyEvent.Judged.class::isInstance)
                .map(StudyEvent::number)
                .toList());
    logs(events)
        .forEach((ref, log) ->
            assertThat(
                    store.readSide.curve(id, ref.trial(), ref.attempt(), 0, 1_000).stream()
                        .flatMap(chunk -> chunk.entries().stream())
                        .toList())
                .isEqualTo(log));
  }

  /** How attempts ended, in all the words of the event: the state keeps the first line. */
  private static Map<AttemptRef, String> ends(List<StudyEvent> events) {
    Map<AttemptRef, String> ends = new HashMap<>();
    for (StudyEvent event : events) {
      if (event instanceof StudyEvent.AttemptEnded end) {
        ends.put(end.attempt(), end.message());
      }
    }
    return ends;
  }

  private static TrialRow row(StudyState state, Trial trial, Map<AttemptRef, String> ends) {
    Double best =
        Double.isFinite(trial.bestLoss())
            ? Double.valueOf(state.plan().objective().loss(trial.bestLoss()))
            : null;
    return new TrialRow(
        trial.number(),
        trial.status().name(),
        trial.reason(),
        trial.assignment(),
        trial.step(),
        best,
        trial.checkpoint(),
        trial.attempts().stream()
            .map(attempt ->
                row(
                    attempt,
                    ends.getOrDefault(
                        new AttemptRef(trial.number(), attempt.number()), attempt.message())))
            .toList(),
        trial.parent());
  }

  private static AttemptRow row(Attempt attempt, String message) {
    Cause cause = attempt.cause();
    return new AttemptRow(
        attempt.number(),
        attempt.slot().node(),
        attempt.leasedAt(),
        attempt.endedAt(),
        cause == null ? "" : cause.name(),
        message,
        attempt.startStep());
  }

  private static Map<AttemptRef, List<Entry>> logs(List<StudyEvent> events) {
    Map<AttemptRef, List<Entry>> logs = new HashMap<>();
    for (StudyEvent event : events) {
      if (event instanceof StudyEvent.EntriesRecorded e) {
        logs.computeIfAbsent(e.attempt(), ref -> new ArrayList<>()).addAll(e.entries());
      } else if (event instanceof StudyEvent.LateEntriesRecorded e) {
        logs.computeIfAbsent(e.attempt(), ref -> new ArrayList<>()).addAll(e.entries());
      }
    }
    return logs;
  }
}
