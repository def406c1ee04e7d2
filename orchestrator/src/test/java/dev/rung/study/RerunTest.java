package dev.rung.study;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.study.RandomFleet.Step;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A journal is enough to decide everything in it again. */
final class RerunTest {
  private static final int STUDIES = 300;

  private static List<StudyEvent> journal(long seed) {
    RandomFleet fleet = new RandomFleet(seed);
    StudyState state = new StudyState();
    List<StudyEvent> events = new ArrayList<>();
    for (Step step = fleet.next(); step != null; step = fleet.next()) {
      var outcome = StudyKernel.handle(state, step.command(), step.now());
      events.addAll(outcome.events());
      fleet.took(outcome);
    }
    return events;
  }

  @Test
  void shouldDecideEveryJournalAgain() {
    for (long seed = 0; seed < STUDIES; seed++) {
      List<StudyEvent> journal = journal(seed);
      assertThat(Rerun.check(journal).lastNumber()).as("seed %d", seed).isEqualTo(journal.size());
    }
  }

  @Test
  void shouldNameTheFirstDifference() {
    List<StudyEvent> journal = journal(1);
    int place = 0;
    while (!(journal.get(place) instanceof StudyEvent.Judged)) {
      place++;
    }
    StudyEvent.Judged e = (StudyEvent.Judged) journal.get(place);
    journal.set(
        place,
        new StudyEvent.Judged(
            e.number(),
            e.time(),
            e.attempt(),
            e.step(),
            e.verdict(),
            e.cause(),
            e.evidence(),
            e.milestone() + 1,
            e.carried(),
            e.yields()));
    assertThatThrownBy(() -> Rerun.check(journal))
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("event " + e.number() + " differs")
        .hasMessageContaining("decided: " + e);
  }

  @Test
  void shouldMissAnEventThatNothingAskedFor() {
    List<StudyEvent> journal = journal(2);
    journal.remove(journal.size() - 1);
    assertThatThrownBy(() -> Rerun.check(journal)).isInstanceOf(AssertionError.class);
  }
}
