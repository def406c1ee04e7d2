package dev.rung.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.halving.Evidence;
import dev.rung.space.Assignment;
import dev.rung.space.Value;
import dev.rung.storage.ReadSide.AttemptRow;
import dev.rung.storage.ReadSide.CurveChunk;
import dev.rung.storage.ReadSide.StudyRow;
import dev.rung.storage.ReadSide.TrialRow;
import dev.rung.storage.ReadSide.VerdictRow;
import dev.rung.study.AttemptRef;
import dev.rung.study.Cause;
import dev.rung.study.Entry;
import dev.rung.study.Plans;
import dev.rung.study.Slot;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyPlan;
import dev.rung.study.TrialStatus;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReadSideTest {
  private static final StudyPlan PLAN = Plans.plan().build();
  private static final Assignment ASSIGNMENT =
      new Assignment(List.of(new Value.StringValue("'; --"), new Value.DoubleValue(1e-300)));

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

  /** As the study's state does: what was measured at another step does not count. */
  @Test
  void shouldTakeAsBestOnlyWhatHasEveryObjectiveAtOneStep() {
    AttemptRef ref = new AttemptRef(1, 1);
    store.append(
        "best",
        List.of(
            new StudyEvent.StudyCreated(1, 9, "best", Plans.plan().also("size").build(), ""),
            new StudyEvent.TrialSuggested(2, 11, 1, ASSIGNMENT, "random"),
            new StudyEvent.AttemptLeased(3, 12, ref, new Slot("n", 1, "s", 1), 0, 0, 1, null),
            new StudyEvent.EntriesRecorded(
                4, 12, ref, 1, List.of(point(1, "loss", 1), point(2, "size", 7)))));
    store.project("best");
    assertThat(store.readSide.trial("best", 1).orElseThrow().best()).isNull();
    store.append(
        "best",
        List.of(
            new StudyEvent.EntriesRecorded(
                5, 12, ref, 3, List.of(point(1, "loss", 0), point(2, "loss", 3)))));
    store.project("best");
    assertThat(store.readSide.trial("best", 1).orElseThrow().best()).isEqualTo(3);
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
            new StudyEvent.Judged(
                6,
                13,
                ref,
                1,
                StudyEvent.Verdict.PAUSE,
                null,
                evidence,
                0,
                Optional.empty(),
                Optional.empty()),
            new StudyEvent.AttemptEnded(
                7, 14, ref, Cause.LOST, nasty + "\0", true, TrialStatus.PAUSED),
            new StudyEvent.TrialPromoted(8, 15, 1, evidence, Optional.empty()));
    store.append("why", events);
    assertThat(store.project("why")).isEqualTo(events.size());
    String standing = "value 0 at rung 1 ranks 3 of 9; the best 3 may go on";
    String lost = "LOST: " + nasty + "\ufffd";
    assertThat(store.readSide.verdicts("why", 1))
        .containsExactly(
            new VerdictRow(6, 13, 1, "pause", evidence, "paused: " + standing),
            new VerdictRow(7, 14, 1, "lost", null, lost + "; the trial is paused"),
            new VerdictRow(8, 15, 0, "promote", evidence, "promoted: " + standing));
    assertThat(store.readSide.trials("why", 0, 10))
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
      store.append(id, List.of(new StudyEvent.StudyCreated(1, 9, id, PLAN, "")));
      store.project(id);
    }
    assertThat(ids(store.readSide.find("abcd"))).containsExactly("abcd");
    assertThat(ids(store.readSide.find("abcde"))).containsExactly("abcdef");
    assertThat(ids(store.readSide.find("abc"))).isEmpty();
    assertThat(ids(store.readSide.find("ab%f"))).isEmpty();
    assertThat(ids(store.readSide.find(nasty))).containsExactly(nasty);
    assertThat(ids(store.readSide.find(PLAN.name()))).contains("abcd", "abcdef", "abcxyz", nasty);
    assertThat(store.readSide.find("nothing")).isEmpty();
  }

  @Test
  void shouldKeepCurvesInFullChunks() {
    AttemptRef ref = new AttemptRef(1, 1);
    store.append(
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
      store.append("curve", List.of(new StudyEvent.EntriesRecorded(++number, 1, ref, seq, added)));
      store.project("curve");
      entries.addAll(added);
      seq += size;
    }
    List<CurveChunk> chunks = store.readSide.curve("curve", 1, 1, 0, 100);
    assertThat(chunks.stream().map(CurveChunk::firstSeq)).containsExactly(1L, 513L, 1025L, 1537L);
    assertThat(chunks.stream().flatMap(chunk -> chunk.entries().stream())).isEqualTo(entries);
    assertThat(store.readSide.curve("curve", 1, 1, 1_024, 1).get(0).firstSeq()).isEqualTo(1_025);
  }

  private static List<String> ids(List<StudyRow> rows) {
    return rows.stream().map(StudyRow::id).toList();
  }

  private static Entry.Point point(long step, String metric, double value) {
    return new Entry.Point(step, Map.of(metric, value), OptionalDouble.empty(), Optional.empty());
  }
}
