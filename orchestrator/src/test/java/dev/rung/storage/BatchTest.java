package dev.rung.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.space.KeyedRandom;
import dev.rung.study.RandomFleet;
import dev.rung.study.States;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyKernel;
import dev.rung.study.StudyKernel.Outcome;
import dev.rung.study.StudySnapshot;
import dev.rung.study.StudyState;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Group commit: a batch of commands is decided in memory and stored as one. */
class BatchTest {
  private static final int STUDIES = 200;
  private static final int LARGEST_BATCH = 40;

  @Test
  void shouldGiveTheSameEventsForABatchAsForItsCommandsOneByOne() {
    for (long seed = 0; seed < STUDIES; seed++) {
      List<String> single = new ArrayList<>();
      List<RandomFleet.Step> steps = new ArrayList<>();
      RandomFleet fleet = new RandomFleet(seed);
      StudyState one = new StudyState();
      for (RandomFleet.Step step = fleet.next(); step != null; step = fleet.next()) {
        steps.add(step);
        // Decided on a state that knows only what was stored and read back.
        StudyState decides = copy(one);
        Outcome outcome = StudyKernel.handle(decides, step.command(), step.now());
        store(outcome.events(), single, one);
        fleet.took(outcome);
        if (steps.size() == 300) {
          break;
        }
      }

      List<String> batched = new ArrayList<>();
      StudyState many = new StudyState();
      KeyedRandom random = KeyedRandom.stream(seed, "batches", 0);
      for (int from = 0; from < steps.size(); ) {
        int to = Math.min(steps.size(), from + 1 + random.nextInt(LARGEST_BATCH));
        StudyState decides = copy(many);
        List<StudyEvent> events = new ArrayList<>();
        for (RandomFleet.Step step : steps.subList(from, to)) {
          events.addAll(StudyKernel.handle(decides, step.command(), step.now()).events());
        }
        store(events, batched, many);
        assertThat(States.describe(many)).as("seed %d", seed).isEqualTo(States.describe(decides));
        from = to;
      }
      assertThat(batched).as("seed %d", seed).isEqualTo(single);
    }
  }

  /** Writes events as bytes, and applies what is read back from them. */
  private static void store(List<StudyEvent> events, List<String> journal, StudyState state) {
    for (StudyEvent event : events) {
      byte[] bytes = EventCodec.encode(event);
      journal.add(HexFormat.of().formatHex(bytes));
      state.evolve(EventCodec.decode(bytes));
    }
  }

  private static StudyState copy(StudyState state) {
    return EventCodec.decodeState(EventCodec.encode(StudySnapshot.of(state)));
  }
}
