package dev.rung.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.storage.StudyExport;
import dev.rung.study.AttemptRef;
import dev.rung.study.Cause;
import dev.rung.study.Entry;
import dev.rung.study.Slot;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyPlan;
import dev.rung.study.TrialStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

/** Histories that are made by hand; times are in milliseconds. */
final class StudyHistoryTest {
  private final List<StudyEvent> events = new ArrayList<>();

  @Test
  void shouldNameAttemptsThatStillRun() {
    create(2);
    lease(1_000, 1, 1);
    lease(2_000, 2, 1);
    end(3_000, 1, 1, Cause.PAUSED, TrialStatus.PAUSED);

    StudyHistory history = read(4_000);

    assertThat(history.running()).containsExactly(new AttemptRef(2, 1));
    assertThat(history.breaches()).isEmpty();
    // No trial for a second and trial 1 for another: from then on none is left to start.
    assertThat(history.meanSlots()).isEqualTo(0.5);
  }

  @Test
  void shouldFindTwoValidAttemptsOfATrial() {
    create(2);
    lease(1_000, 1, 1);
    lease(2_000, 1, 2);

    assertThat(read(3_000).breaches())
        .containsExactly("study s, trial 1: attempt 2 began while attempt 1 was valid");
  }

  @Test
  void shouldFindEntriesOfAnAttemptThatIsOver() {
    create(2);
    lease(1_000, 1, 1);
    end(2_000, 1, 1, Cause.LOST, TrialStatus.WAITING);
    lease(3_000, 1, 2);
    entries(4_000, 1, 1, 1, 2);

    assertThat(read(5_000).breaches())
        .containsExactly("study s, trial 1: attempt 1 has entries, but is not valid: that is 2");
  }

  @Test
  void shouldTakeLateEntriesForWhatTheyAre() {
    create(2);
    lease(1_000, 1, 1);
    end(2_000, 1, 1, Cause.LOST, TrialStatus.WAITING);
    lease(3_000, 1, 2);
    events.add(
        new StudyEvent.LateEntriesRecorded(number(), 4_000, new AttemptRef(1, 1), 1, points(3)));

    StudyHistory history = read(5_000);

    assertThat(history.breaches()).isEmpty();
    assertThat(history.recorded(new AttemptRef(1, 1))).isEqualTo(3);
  }

  @Test
  void shouldFindGapsInALog() {
    create(2);
    lease(1_000, 1, 1);
    entries(2_000, 1, 1, 1, 2);
    entries(3_000, 1, 1, 4, 1);

    assertThat(read(4_000).breaches())
        .containsExactly("study s, trial 1: attempt 1 goes on with entry 4 after 2");
  }

  @Test
  void shouldMeasureTheLongestTimeWithoutASlot() {
    create(2);
    lease(7_000, 1, 1);
    end(8_000, 1, 1, Cause.STOPPED, TrialStatus.STOPPED);
    lease(10_000, 2, 1);

    assertThat(read(60_000).starvedSeconds()).isEqualTo(7.0);
  }

  @Test
  void shouldMeasureATimeWithoutASlotThatHasNotEnded() {
    create(1);
    lease(1_000, 1, 1);
    end(2_000, 1, 1, Cause.PREEMPTED, TrialStatus.WAITING);

    assertThat(read(42_000).starvedSeconds()).isEqualTo(40.0);
  }

  @Test
  void shouldNotCallAStudyStarvedThatHasNothingToDo() {
    create(1);
    lease(1_000, 1, 1);
    end(2_000, 1, 1, Cause.STOPPED, TrialStatus.STOPPED);

    assertThat(read(42_000).starvedSeconds()).isEqualTo(1.0);
  }

  private void create(int trials) {
    StudyPlan plan =
        KernelStudy.plan("s", 1, 9, "x")
            .within(
                new StudyPlan.Budget(
                    OptionalInt.of(trials),
                    OptionalInt.empty(),
                    Optional.empty(),
                    OptionalLong.empty(),
                    OptionalDouble.empty()));
    events.add(new StudyEvent.StudyCreated(number(), 0, "s", plan, ""));
  }

  private void lease(long time, int trial, int attempt) {
    events.add(
        new StudyEvent.AttemptLeased(
            number(),
            time,
            new AttemptRef(trial, attempt),
            new Slot("node", 1, "epoch", number()),
            0,
            0,
            1,
            null));
  }

  private void end(long time, int trial, int attempt, Cause cause, TrialStatus next) {
    events.add(
        new StudyEvent.AttemptEnded(
            number(), time, new AttemptRef(trial, attempt), cause, "", false, next));
  }

  private void entries(long time, int trial, int attempt, long firstSeq, int count) {
    events.add(
        new StudyEvent.EntriesRecorded(
            number(), time, new AttemptRef(trial, attempt), firstSeq, points(count)));
  }

  private static List<Entry> points(int count) {
    List<Entry> points = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      points.add(new Entry.Point(i, Map.of(), OptionalDouble.empty(), Optional.empty()));
    }
    return points;
  }

  private long number() {
    return events.size() + 1L;
  }

  private StudyHistory read(long until) {
    StudyExport.Header header =
        new StudyExport.Header("rung-study", 1, "s", "s", events.size(), "");
    return StudyHistory.of(new StudyExport.Read(header, events), until);
  }
}
