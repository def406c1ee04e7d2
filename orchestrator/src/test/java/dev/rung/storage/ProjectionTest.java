package dev.rung.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.halving.Evidence;
import dev.rung.storage.ReadSide.AttemptRow;
import dev.rung.storage.ReadSide.CurveChunk;
import dev.rung.storage.ReadSide.StudyRow;
import dev.rung.storage.ReadSide.TrialRow;
import dev.rung.storage.ReadSide.VerdictRow;
import dev.rung.study.Attempt;
import dev.rung.study.AttemptRef;
import dev.rung.study.Cause;
import dev.rung.study.Entry;
import dev.rung.study.Slot;
import dev.rung.study.StudyEvent;
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
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ProjectionTest {
  private static final int SEEDS = 40;

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
      List<StudyEvent> events = SeededStudy.events(seed);
      StudyState state = new StudyState();
      int done = 0;
      while (done < events.size()) {
        int next = Math.min(events.size(), done + 1 + random.nextInt(60));
        append(database, "s" + seed, events.subList(done, next));
        events.subList(done, next).forEach(state::evolve);
        done = next;
        assertThat(new Projection(database, "s" + seed).advance()).isPositive();
        assertThat(new Projection(database, "s" + seed).advance()).isZero();
        if (random.nextInt(4) == 0 || done == events.size()) {
          assertRows(state, events.subList(0, done));
        }
      }
    }
  }

  @Test
  void shouldWriteNothingTwiceWhenATransactionFailsInTheMiddle() {
    List<StudyEvent> events = SeededStudy.events(1_001);
    append(database, "s1001", events);
    StudyEvent judged = events.stream().filter(StudyEvent.Judged.class::isInstance).toList().get(3);
    int trial = ((StudyEvent.Judged) judged).attempt().trial();
    update(
        "insert into verdict values (?, ?, ?, 0, 0, '', null, '')",
        "s1001",
        trial,
        judged.number());
    assertThatThrownBy(() -> new Projection(database, "s1001").advance())
        .isInstanceOf(StorageException.class);
    assertThat(readSide.projected("s1001")).isZero();
    assertThat(readSide.trials("s1001", 0, 10)).isEmpty();
    update("delete from verdict where study = ?", "s1001");
    assertThat(new Projection(database, "s1001").advance()).isEqualTo(events.size());
    assertRows(replay(events), events);
  }

  @Test
  void shouldWriteEveryEventOnceWhenTwoProjectionsRace() {
    List<StudyEvent> events = new ArrayList<>();
    SeededStudy study = new SeededStudy("race", 5, 60);
    while (study.step()) {
      // Until it has ended.
    }
    events.addAll(study.events());
    append(database, "race", events);
    List<CompletableFuture<Void>> racers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      racers.add(CompletableFuture.runAsync(() -> projectAll("race", events.size())));
    }
    racers.forEach(CompletableFuture::join);
    assertRows(study.state(), events);
  }

  private void projectAll(String study, long events) {
    while (readSide.projected(study) < events) {
      try {
        new Projection(database, study).advance();
      } catch (StorageException e) {
        // Another began at the same time; it tries again, as the actor does.
        assertThat(e.getMessage()).containsIgnoringCase("primary key");
      }
    }
  }

  @Test
  void shouldSayWhyInWords() {
    AttemptRef ref = new AttemptRef(1, 1);
    Evidence evidence = new Evidence("asha, promotion", 0, 1, -0.0, 2, 9, 3, 1);
    List<StudyEvent> events = new ArrayList<>(SeededStudy.events(2).subList(0, 2));
    long n = events.size();
    events.add(new StudyEvent.SuggestionAsked(++n, 10, 1, n));
    events.add(new StudyEvent.TrialSuggested(++n, 11, 1, SeededStudy.assignment(), "random"));
    events.add(
        new StudyEvent.AttemptLeased(++n, 12, ref, new Slot("n1", 1, "s", 1), 0, 0, 1, null));
    events.add(new StudyEvent.Judged(++n, 13, ref, 1, StudyEvent.Verdict.PAUSE, null, evidence, 0));
    events.add(
        new StudyEvent.AttemptEnded(++n, 14, ref, Cause.LOST, "silent", true, TrialStatus.PAUSED));
    events.add(new StudyEvent.TrialPromoted(++n, 15, 1, evidence));
    append(database, "why", events);
    assertThat(new Projection(database, "why").advance()).isEqualTo(events.size());
    assertThat(readSide.verdicts("why", 1))
        .containsExactly(
            new VerdictRow(
                n - 2,
                13,
                1,
                "pause",
                evidence,
                "paused: value 0 at rung 1 ranks 3 of 9; the best 3 may go on"),
            new VerdictRow(n - 1, 14, 1, "lost", null, "LOST: silent; the trial is paused"),
            new VerdictRow(
                n,
                15,
                0,
                "promote",
                evidence,
                "promoted: value 0 at rung 1 ranks 3 of 9; the best 3 may go on"));
  }

  @Test
  void shouldFindAStudyByItsIdThenItsBeginningThenItsName() {
    List<StudyEvent> events = SeededStudy.events(3).subList(0, 2);
    String name = ((StudyEvent.StudyCreated) events.get(0)).plan().name();
    for (String id : List.of("abcd", "abcdef", "abcxyz", "o'; drop table study; --")) {
      append(database, id, events);
      new Projection(database, id).advance();
    }
    assertThat(ids(readSide.find("abcd"))).containsExactly("abcd");
    assertThat(ids(readSide.find("abcde"))).containsExactly("abcdef");
    assertThat(ids(readSide.find("abc"))).isEmpty();
    assertThat(ids(readSide.find("ab%f"))).isEmpty();
    assertThat(ids(readSide.find("o'; drop table study; --")))
        .containsExactly("o'; drop table study; --");
    assertThat(ids(readSide.find(name)))
        .contains("abcd", "abcdef", "abcxyz", "o'; drop table study; --");
    assertThat(readSide.find("nothing")).isEmpty();
  }

  @Test
  void shouldKeepCurvesInFullChunks() {
    AttemptRef ref = new AttemptRef(1, 1);
    List<StudyEvent> events = new ArrayList<>();
    for (StudyEvent event : SeededStudy.events(6)) {
      events.add(event);
      if (event instanceof StudyEvent.AttemptLeased) {
        break;
      }
    }
    assertThat(events.get(events.size() - 1))
        .isInstanceOfSatisfying(
            StudyEvent.AttemptLeased.class, e -> assertThat(e.attempt()).isEqualTo(ref));
    long number = events.size();
    long seq = 1;
    List<Entry> entries = new ArrayList<>();
    for (int size : new int[] {1, 500, 30, 1_200, 3}) {
      List<Entry> added = new ArrayList<>();
      for (int i = 0; i < size; i++) {
        added.add(
            new Entry.Point(
                seq + i, Map.of("x", i / 3.0), OptionalDouble.empty(), Optional.empty()));
      }
      events.add(new StudyEvent.EntriesRecorded(++number, 1, ref, seq, added));
      append(database, "curve", events);
      events.clear();
      new Projection(database, "curve").advance();
      entries.addAll(added);
      seq += size;
    }
    List<CurveChunk> chunks = readSide.curve("curve", 1, 1, 0, 100);
    assertThat(chunks.stream().map(CurveChunk::firstSeq)).containsExactly(1L, 513L, 1025L, 1537L);
    assertThat(chunks.stream().flatMap(chunk -> chunk.entries().stream())).isEqualTo(entries);
    assertThat(readSide.curve("curve", 1, 1, 1_024, 1).get(0).firstSeq()).isEqualTo(1_025);
  }

  private void assertRows(StudyState state, List<StudyEvent> events) {
    String study = state.study();
    assertThat(readSide.projected(study)).isEqualTo(state.lastNumber());
    Optional<StudySummary> summary =
        events.stream()
            .filter(StudyEvent.StudyEnded.class::isInstance)
            .map(end -> StudySummary.of(replay(events.subList(0, (int) end.number()))))
            .findFirst();
    assertThat(readSide.find(study))
        .containsExactly(
            new StudyRow(
                study,
                state.plan().name(),
                state.createdAt(),
                state.status().name(),
                state.reason(),
                summary));
    assertThat(readSide.trials(study, 0, 1_000))
        .isEqualTo(state.trials().stream().map(t -> row(state, t)).toList());
    List<Long> verdicts = new ArrayList<>();
    for (Trial trial : state.trials()) {
      readSide.verdicts(study, trial.number()).stream()
          .filter(row -> List.of("continue", "pause", "stop").contains(row.verdict()))
          .forEach(row -> verdicts.add(row.event()));
      assertThat(readSide.trial(study, trial.number())).contains(row(state, trial));
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
                    readSide.curve(study, ref.trial(), ref.attempt(), 0, 1_000).stream()
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

  private static StudyState replay(List<StudyEvent> events) {
    StudyState state = new StudyState();
    events.forEach(state::evolve);
    return state;
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
