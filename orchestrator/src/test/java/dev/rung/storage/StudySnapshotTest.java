package dev.rung.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.study.States;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudySnapshot;
import dev.rung.study.StudyState;
import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

final class StudySnapshotTest {
  private static final int WHOLE_STUDIES = 200;
  private static final int CUT_STUDIES = 5_000;

  @Test
  void shouldRestoreTheSameStateWhenTakenAfterEveryEvent() {
    long events = LongStream.range(0, WHOLE_STUDIES).parallel().map(this::storeAllAlong).sum();
    assertThat(events).isGreaterThan(20_000);
  }

  private long storeAllAlong(long seed) {
    StudyState undisturbed = new StudyState();
    StudyState restored = restore(undisturbed);
    List<StudyEvent> events = RandomStudy.of(seed).events();
    for (StudyEvent event : events) {
      undisturbed.evolve(event);
      restored = restore(restored.evolve(roundTrip(event)));
      assertSame(restored, undisturbed, seed, event);
    }
    return events.size();
  }

  @Test
  void shouldContinueTheSameWhenRestoredAtARandomEvent() {
    LongStream.range(WHOLE_STUDIES, WHOLE_STUDIES + CUT_STUDIES)
        .parallel()
        .forEach(this::storeOnce);
  }

  private void storeOnce(long seed) {
    RandomStudy study = RandomStudy.of(seed);
    int size = study.events().size();
    int cut = new Random(seed).nextInt(size);
    StudyState restored = restore(study.state(cut));
    study.events().subList(cut, size).forEach(restored::evolve);
    assertSame(restored, study.end(), seed, study.events().get(cut));
  }

  @Test
  void shouldShareNothingWithTheState() {
    RandomStudy study = RandomStudy.of(3);
    int half = study.events().size() / 2;
    StudyState state = study.state(half);
    StudySnapshot snapshot = StudySnapshot.of(state);
    byte[] before = EventCodec.encode(snapshot);
    study.events().subList(half, study.events().size()).forEach(state::evolve);
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
    assertThat(States.describe(a)).as("seed %d at %s", seed, event).isEqualTo(States.describe(b));
  }
}
