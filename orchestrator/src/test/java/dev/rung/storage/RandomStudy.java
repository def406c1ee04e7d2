package dev.rung.storage;

import dev.rung.study.RandomFleet;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyKernel;
import dev.rung.study.StudyState;
import java.util.ArrayList;
import java.util.List;

/**
 * A study of a seed from its creation to its end.
 *
 * @param id as its first event says
 * @param end the state that the commands brought about
 */
record RandomStudy(String id, List<StudyEvent> events, StudyState end) {

  static RandomStudy of(long seed) {
    List<StudyEvent> events = new ArrayList<>();
    StudyState state = new StudyState();
    RandomFleet fleet = new RandomFleet(seed);
    for (RandomFleet.Step step = fleet.next(); step != null; step = fleet.next()) {
      StudyKernel.Outcome outcome = StudyKernel.handle(state, step.command(), step.now());
      events.addAll(outcome.events());
      fleet.took(outcome);
    }
    return new RandomStudy(state.study(), events, state);
  }

  /** Its state after its first events. */
  StudyState state(int count) {
    StudyState state = new StudyState();
    events.subList(0, count).forEach(state::evolve);
    return state;
  }
}
