package dev.rung.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.halving.Evidence;
import dev.rung.space.Assignment;
import dev.rung.space.Value;
import dev.rung.storage.ReadSide.AttemptRow;
import dev.rung.storage.ReadSide.CurveChunk;
import dev.rung.storage.ReadSide.StudyRow;
import dev.rung.storage.ReadSide.TrialRow;
import dev.rung.storage.ReadSide.VerdictRow;
import dev.rung.study.Attempt;
import dev.rung.study.AttemptRef;
import dev.rung.study.Cause;
import dev.rung.study.Entry;
import dev.rung.study.Plans;
import dev.rung.study.Slot;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyState;
import dev.rung.study.StudySummary;
import dev.rung.study.Trial;
import dev.rung.study.TrialStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
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
  private static final StudyPlan PLAN = Plans.plan().build();
  private static final Assignment ASSIGNMENT =
      new Assignment(List.of(new Value.StringValue("'; --"), new Value.DoubleValue(1e-300)));

  @SuppressWarnings("NullAway.Init") // Set before the first test.
  private DataFolder folder;

  @SuppressWarnings("NullAway.Init") // Set before the first test.
  private Database database;

  @SuppressWarnings("NullAway.Init") // Set before the first test.
  private ReadSide readSide;

  @BeforeAll
  void open(@TempDir Path temp) {
    folder = DataFolder.open(temp);
    database = Database.open(folder);
    readSide = new JdbcReadSide(database);
  }

  @AfterAll
  void close() {
    database.close();
    folder.close();
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
        append(database, study.id(), study.events().subList(done, next));
        done = next;
        assertThat(new Projection(database, study.id()).advance()).isPositive();
        assertThat(new Projection(database, study.id()).advance()).isZero();
        if (random.nextInt(4) == 0 || done == size) {
          assertRows(study, done);
        }
      }
    }
  }

  @Test
  void shouldWriteNothingTwiceWhenATransactionFailsInTheMiddle() {
    RandomStudy study = RandomStudy.of(1_001);
    append(database, study.id(), study.events());
    StudyEvent.Judged judged =
        study.events().stream()
            .filter(StudyEvent.Judged.class::isInstance)
            .map(StudyEvent.Judged.class::cast)
            .skip(3)
            .findFirst()
            .orElseThrow();
    update(
        "insert into verdict values (?, ?, ?, 0, 0, '', null, '')",
        study.id(),
        judged.attempt().trial(),
        judged.number());
    assertThatThrownBy(() -> new Projection(database, study.id()).advance())
        .isInstanceOf(StorageException.class);
    assertThat(readSide.projected(study.id())).isZero();
    assertThat(readSide.trials(study.id(), 0, 10)).isEmpty();
    update("delete from verdict where study = ?", study.id());
    projectAll(study);
    assertRows(study, study.events().size());
  }

  @Test
  void shouldWriteEveryEventOnceWhenProjectionsRace() throws Exception {
    RandomStudy study = RandomStudy.of(1_002);
    int size = study.events().size();
    append(database, study.id(), study.events().subList(0, 1));
    assertThat(new Projection(database, study.id()).advance()).isEqualTo(1);
    try (ExecutorService racers = Executors.newFixedThreadPool(4)) {
      List<Future<?>> ends = new ArrayList<>();
      for (int i = 0; i < 4; i++) {
        ends.add(racers.submit(() -> projectAll(study)));
      }
      for (int from = 1; from < size; from += 5) {
        append(database, study.id(), study.events().subList(from, Math.min(from + 5, size)));
      }
      for (Future<?> end : ends) {
        end.get();
      }
    }
    assertRows(study, size);
  }

  private void projectAll(RandomStudy study) {
    while (readSide.projected(study.id()) < study.events().size()) {
      new Projection(database, study.id()).advance();
    }
  }

  /** As the study's state does: what was measured at another step does not count. */
  @Test
  void shouldTakeAsBestOnlyWhatHasEveryObjectiveAtOneStep() {
    AttemptRef ref = new AttemptRef(1, 1);
    append(
        database,
        "best",
        List.of(
            new StudyEvent.StudyCreated(1, 9, "best", Plans.plan().also("size").build(), ""),
            new StudyEvent.TrialSuggested(2, 11, 1, ASSIGNMENT, "random"),
            new StudyEvent.AttemptLeased(3, 12, ref, new Slot("n", 1, "s", 1), 0, 0, 1, null),
            new StudyEvent.EntriesRecorded(
                4, 12, ref, 1, List.of(point(1, "loss", 1), point(2, "size", 7)))));
    new Projection(database, "best").advance();
    assertThat(readSide.trial("best", 1).orElseThrow().best()).isNull();
    append(
        database,
        "best",
        List.of(
            new StudyEvent.EntriesRecorded(
                5, 12, ref, 3, List.of(point(1, "loss", 0), point(2, "loss", 3)))));
    new Projection(database, "best").advance();
    assertThat(readSide.trial("best", 1).orElseThrow().best()).isEqualTo(3);
  }

  @Test
  void shouldSayWhyInWordsAndKeepWhatTrainersSend() {
    AttemptRef ref = new AttemptRef(1, 1);
    Evidence evidence = new Evidence("asha, promotion", 0, 1, -0.0, 2, 9, 3, 1);
    String nasty = "Robert'); DROP TABLE trial;-- \\ \u00e9 \ud83d\ude00";
    List<StudyEvent> events =
        List.of(
            new StudyEvent.StudyCreated(1, 9, "why", PLAN, ""),
            new StudyEvent.TrialSuggested(2, 11, 1, ASSIGNMENT, "random"),
            new StudyEvent.TrialSuggested(3, 11, 2, ASSIGNMENT, "random"),
            new StudyEvent.AttemptLeased(4, 12, ref, new Slot(nasty, 1, "s", 1), 0, 0, 1, null),
            new StudyEvent.EntriesRecorded(
                5, 12, ref, 1, List.of(point(1, "loss", Double.NaN), point(1, "loss", -0.0))),
            new StudyEvent.Judged(6, 13, ref, 1, StudyEvent.Verdict.PAUSE, null, evidence, 0),
            new StudyEvent.AttemptEnded(
                7, 14, ref, Cause.LOST, nasty + "\0", true, TrialStatus.PAUSED),
            new StudyEvent.TrialPromoted(8, 15, 1, evidence));
    append(database, "why", events);
    assertThat(new Projection(database, "why").advance()).isEqualTo(events.size());
    String standing = "value 0 at rung 1 ranks 3 of 9; the best 3 may go on";
    String lost = "LOST: " + nasty + "\ufffd";
    assertThat(readSide.verdicts("why", 1))
        .containsExactly(
            new VerdictRow(6, 13, 1, "pause", evidence, "paused: " + standing),
            new VerdictRow(7, 14, 1, "lost", null, lost + "; the trial is paused"),
            new VerdictRow(8, 15, 0, "promote", evidence, "promoted: " + standing));
    assertThat(readSide.trials("why", 0, 10))
        .containsExactly(
            new TrialRow(
                1,
                "PAUSED",
                lost,
                ASSIGNMENT,
                1,
                -0.0,
                null,
                List.of(new AttemptRow(1, nasty, 12, 14, "LOST", nasty + "\ufffd", 0))));
  }

  @Test
  void shouldFindAStudyByItsIdThenItsBeginningThenItsName() {
    String nasty = "o'; drop table study; --";
    for (String id : List.of("abcd", "abcdef", "abcxyz", nasty)) {
      append(database, id, List.of(new StudyEvent.StudyCreated(1, 9, id, PLAN, "")));
      new Projection(database, id).advance();
    }
    assertThat(ids(readSide.find("abcd"))).containsExactly("abcd");
    assertThat(ids(readSide.find("abcde"))).containsExactly("abcdef");
    assertThat(ids(readSide.find("abc"))).isEmpty();
    assertThat(ids(readSide.find("ab%f"))).isEmpty();
    assertThat(ids(readSide.find(nasty))).containsExactly(nasty);
    assertThat(ids(readSide.find(PLAN.name()))).contains("abcd", "abcdef", "abcxyz", nasty);
    assertThat(readSide.find("nothing")).isEmpty();
  }

  @Test
  void shouldKeepCurvesInFullChunks() {
    AttemptRef ref = new AttemptRef(1, 1);
    append(
        database,
        "curve",
        List.of(
            new StudyEvent.StudyCreated(1, 9, "curve", PLAN, ""),
            new StudyEvent.TrialSuggested(2, 9, 1, ASSIGNMENT, "random"),
            new StudyEvent.AttemptLeased(3, 9, ref, new Slot("n", 1, "s", 1), 0, 0, 1, null)));
    long number = 3;
    long seq = 1;
    List<Entry> entries = new ArrayList<>();
    for (int size : new int[] {1, 500, 30, 1_200, 3}) {
      List<Entry> added = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        added.add(point(seq + i, "loss", i / 3.0));
      }
      append(
          database, "curve", List.of(new StudyEvent.EntriesRecorded(++number, 1, ref, seq, added)));
      new Projection(database, "curve").advance();
      entries.addAll(added);
      seq += size;
    }
    List<CurveChunk> chunks = readSide.curve("curve", 1, 1, 0, 100);
    assertThat(chunks.stream().map(CurveChunk::firstSeq)).containsExactly(1L, 513L, 1025L, 1537L);
    assertThat(chunks.stream().flatMap(chunk -> chunk.entries().stream())).isEqualTo(entries);
    assertThat(readSide.curve("curve", 1, 1, 1_024, 1).get(0).firstSeq()).isEqualTo(1_025);
  }

  private void assertRows(RandomStudy study, int count) {
    StudyState state = study.state(count);
    List<StudyEvent> events = study.events().subList(0, count);
    String id = study.id();
    assertThat(readSide.projected(id)).isEqualTo(count);
    Optional<StudySummary> summary =
        events.stream()
            .filter(StudyEvent.StudyEnded.class::isInstance)
            .map(end -> StudySummary.of(study.state((int) end.number())))
            .findFirst();
    assertThat(readSide.find(id))
        .containsExactly(
            new StudyRow(
                id,
                state.plan().name(),
                state.createdAt(),
                state.status().name(),
                state.reason(),
                summary));
    assertThat(readSide.trials(id, 0, 1_000))
        .isEqualTo(state.trials().stream().map(t -> row(state, t)).toList());
    List<Long> verdicts = new ArrayList<>();
    for (Trial trial : state.trials()) {
      readSide.verdicts(id, trial.number()).stream()
          .filter(row -> List.of("continue", "pause", "stop").contains(row.verdict()))
          .forEach(row -> verdicts.add(row.event()));
      assertThat(readSide.trial(id, trial.number())).contains(row(state, trial));
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
                    readSide.curve(id, ref.trial(), ref.attempt(), 0, 1_000).stream()
                        .flatMap(chunk -> chunk.entries().stream())
                        .toList())
                .isEqualTo(log));
  }

  private static TrialRow row(StudyState state, Trial trial) {
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
        trial.attempts().stream().map(ProjectionTest::row).toList());
  }

  private static AttemptRow row(Attempt attempt) {
    Cause cause = attempt.cause();
    return new AttemptRow(
        attempt.number(),
        attempt.slot().node(),
        attempt.leasedAt(),
        attempt.endedAt(),
        cause == null ? "" : cause.name(),
        attempt.message(),
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

  private static List<String> ids(List<StudyRow> rows) {
    return rows.stream().map(StudyRow::id).toList();
  }

  private static Entry.Point point(long step, String metric, double value) {
    return new Entry.Point(step, Map.of(metric, value), OptionalDouble.empty(), Optional.empty());
  }

  private void update(String sql, Object... arguments) {
    database.transaction(connection -> Sql.update(connection, sql, arguments));
  }

  /** Writes events as the journal does. */
  static void append(Database database, String study, List<StudyEvent> events) {
    database.transaction(connection -> {
      for (StudyEvent event : events) {
        Sql.update(
            connection,
            "insert into event_journal (persistence_id, sequence_number, writer,"
                + " write_timestamp, adapter_manifest, event_ser_id, event_ser_manifest,"
                + " event_payload) values (?, ?, 'test', 0, '', ?, ?, ?)",
            "study|" + study,
            event.number(),
            StudyEventSerializer.ID,
            EventCodec.name(event),
            EventCodec.encode(event));
      }
      return events.size();
    });
  }
}
