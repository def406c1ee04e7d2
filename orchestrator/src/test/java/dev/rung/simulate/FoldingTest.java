package dev.rung.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.space.KeyedRandom;
import dev.rung.storage.StudyExport;
import dev.rung.study.AttemptRef;
import dev.rung.study.Cause;
import dev.rung.study.RandomFleet;
import dev.rung.study.Slot;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyKernel;
import dev.rung.study.StudyState;
import dev.rung.study.TrialStatus;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Histories of random studies, whole and broken. */
final class FoldingTest {
  private static final int WHOLE = 300;
  private static final int BROKEN = 60;

  private static List<StudyEvent> history(long seed) {
    List<StudyEvent> events = new ArrayList<>();
    StudyState state = new StudyState();
    RandomFleet fleet = new RandomFleet(seed);
    for (RandomFleet.Step step = fleet.next(); step != null; step = fleet.next()) {
      StudyKernel.Outcome outcome = StudyKernel.handle(state, step.command(), step.now());
      events.addAll(outcome.events());
      fleet.took(outcome);
    }
    return events;
  }

  private static long fold(List<StudyEvent> events) {
    Folding folding = new Folding();
    events.forEach(folding::add);
    return folding.study().lastNumber();
  }

  @Test
  void shouldFoldWhateverTheKernelSays() {
    for (long seed = 0; seed < WHOLE; seed++) {
      List<StudyEvent> events = history(seed);

      assertThat(fold(events)).as("seed %d", seed).isEqualTo(events.size());
    }
  }

  /** What the kernel itself would take without a word. */
  @Test
  void shouldRefuseWhatAStudyDoesNotDo() {
    List<StudyEvent> events =
        RecordedStudy.of(
            RecordedStudy.file(
                """
                resource: {unit: epoch, max: 9}
                budget: {trials: 1}
                algorithm: {search: random, halving: none}
                """),
            1,
            (trial, step) -> trial);
    long next = events.size() + 1L;
    long time = events.getLast().time();

    assertRefused(
        events,
        new StudyEvent.LadderSet(next, time, 2, List.of(3L, 9L), "longer", Optional.empty()),
        "expected a ladder that begins with [9], but came [3, 9]");
    assertRefused(
        events,
        new StudyEvent.AttemptEnded(
            next, time, new AttemptRef(1, 1), Cause.LOST, "", true, TrialStatus.WAITING),
        "expected an attempt that runs, but came attempt 1 of trial 1, which is over");
    assertRefused(
        events,
        new StudyEvent.AttemptLeased(
            next, time, new AttemptRef(1, 1), new Slot("node", 1, "session", 1), 0, 0, 9, null),
        "expected attempt 2 of trial 1, but came attempt 1 of trial 1");
    assertRefused(
        events,
        new StudyEvent.MetricPut(next, time, 1, "loss", 1, false),
        "expected a trial that is scored from outside, but came trial 1");
    assertRefused(
        events,
        new StudyEvent.StudyCreated(
            next, time, "again", RecordedStudy.plan(RecordedStudy.file("resource: {max: 9}")), ""),
        "expected a study that is created once, but came its creation again");
  }

  private static void assertRefused(List<StudyEvent> events, StudyEvent next, String message) {
    Folding folding = new Folding();
    events.forEach(folding::add);

    assertThatThrownBy(() -> folding.add(next))
        .isInstanceOfSatisfying(
            ContradictionException.class, e -> assertThat(e.place()).isEqualTo(events.size() + 1L))
        .hasMessage(message);
  }

  /**
   * An event is missing, comes twice, or comes before the one that it follows, and all are numbered
   * as if nothing had happened.
   */
  @Test
  void shouldFoldOrRefuseWhatComes() throws IOException {
    int refused = 0;
    for (long seed = 0; seed < BROKEN; seed++) {
      KeyedRandom random = KeyedRandom.stream(seed, "broken", 0);
      List<StudyEvent> events = new ArrayList<>(history(seed));
      int at = random.nextInt(events.size() - 1);
      switch (random.nextInt(3)) {
        case 0 -> events.remove(at);
        case 1 -> events.add(at, events.get(at));
        default -> Collections.swap(events, at, at + 1);
      }
      List<StudyEvent> broken = numbered(events);
      try {
        assertThat(fold(broken)).isEqualTo(broken.size());
      } catch (ContradictionException e) {
        refused++;
        assertThat(e.place()).as("seed %d", seed).isGreaterThan(at);
      } catch (RuntimeException e) {
        throw new AssertionError("seed %d".formatted(seed), e);
      }
    }
    assertThat(refused).isGreaterThan(BROKEN / 2);
  }

  private static List<StudyEvent> numbered(List<StudyEvent> events) throws IOException {
    StringBuilder lines = new StringBuilder(StudyExport.header(history(0).get(0), events.size()));
    for (int i = 0; i < events.size(); i++) {
      String number = "\"number\":%d,".formatted(i + 1);
      lines
          .append('\n')
          .append(StudyExport.line(events.get(i)).replaceFirst("\"number\":\\d+,", number));
    }
    return StudyExport.read(new BufferedReader(new StringReader(lines.toString()))).events();
  }
}
