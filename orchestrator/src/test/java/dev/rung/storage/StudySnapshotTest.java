package dev.rung.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.study.StudyEvent;
import dev.rung.study.StudySnapshot;
import dev.rung.study.StudyState;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class StudySnapshotTest {
  private static final int WHOLE_STUDIES = 200;
  private static final int CUT_STUDIES = 5_000;

  @Test
  void shouldRestoreTheSameStateWhenTakenAfterEveryEvent() {
    long events = 0;
    for (long seed = 0; seed < WHOLE_STUDIES; seed++) {
      StudyState undisturbed = new StudyState();
      StudyState restored = restore(undisturbed);
      for (StudyEvent event : SeededStudy.events(seed)) {
        undisturbed.evolve(event);
        restored = restore(restored.evolve(roundTrip(event)));
        assertSame(restored, undisturbed, seed, event);
        events++;
      }
    }
    assertThat(events).isGreaterThan(20_000);
  }

  @Test
  void shouldContinueTheSameWhenRestoredAtARandomEvent() {
    for (long seed = 0; seed < CUT_STUDIES; seed++) {
      List<StudyEvent> events = SeededStudy.events(WHOLE_STUDIES + seed);
      int cut = new Random(seed).nextInt(events.size());
      StudyState undisturbed = new StudyState();
      StudyState restored = new StudyState();
      for (StudyEvent event : events) {
        undisturbed.evolve(event);
        restored.evolve(event);
        if (event.number() == cut) {
          restored = restore(restored);
        }
      }
      assertSame(restored, undisturbed, WHOLE_STUDIES + seed, events.get(cut));
    }
  }

  @Test
  void shouldShareNothingWithTheState() {
    List<StudyEvent> events = SeededStudy.events(3);
    StudyState state = new StudyState();
    events.subList(0, events.size() / 2).forEach(state::evolve);
    StudySnapshot snapshot = StudySnapshot.of(state);
    byte[] before = EventCodec.encode(snapshot);
    events.forEach(state::evolve);
    assertThat(EventCodec.encode(snapshot)).isEqualTo(before);
  }

  private static StudyState restore(StudyState state) {
    return EventCodec.decodeState(EventCodec.encode(StudySnapshot.of(state)));
  }

  private static StudyEvent roundTrip(StudyEvent event) {
    StudyEvent decoded = EventCodec.decode(EventCodec.encode(event));
    assertThat(decoded).isEqualTo(event);
    return decoded;
  }

  private static void assertSame(StudyState a, StudyState b, long seed, StudyEvent event) {
    String difference = DeepEquality.difference(a, b);
    if (!difference.isEmpty()) {
      throw new AssertionError(
          "expected the same state of seed %d at %s, but state%s"
              .formatted(seed, event, difference));
    }
  }
}
