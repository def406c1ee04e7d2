package dev.rung.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.simulate.Rerun;
import dev.rung.storage.EventCodec;
import dev.rung.study.Plans;
import dev.rung.study.SimulatedStudies;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyEvent.AttemptEnded;
import dev.rung.study.StudyEvent.PlanChanged;
import dev.rung.study.StudyEvent.TrialSuggested;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyStatus;
import dev.rung.study.StudyView;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The same study in the actor system and in the simulator. */
final class RerunOfActorsTest {
  private static final String STUDY = "study-1";
  private static final Duration LONG = Duration.ofHours(3);

  /** Sixty trials by TPE on eight trainers, of which one is lost; in its midst eta is changed. */
  @Test
  void shouldDecideTheSameToTheByte() {
    Simulation.play(
        Style.calm(1, 1, Integer.MAX_VALUE).withNodes(8),
        plan(3),
        world -> {
          assertThat(world.runUntil(() -> started(world) >= 20, LONG)).isTrue();
          world.hosts().get(3).kill();
          world.server().send(STUDY, new StudyCommand.Change(plan(4), false));
          assertThat(world.runUntil(() -> isOver(world), LONG)).isTrue();

          List<StudyEvent> events = world.history().events(STUDY);
          assertThat(events).filteredOn(TrialSuggested.class::isInstance).hasSize(60);
          assertThat(events).filteredOn(PlanChanged.class::isInstance).hasSize(1);
          assertThat(events)
              .filteredOn(e -> e instanceof AttemptEnded ended && ended.byServer())
              .isNotEmpty();
          assertThat(bytes(Rerun.of(world.inputs()))).isEqualTo(bytes(events));
        });
  }

  private static List<String> bytes(List<StudyEvent> events) {
    return events.stream().map(e -> HexFormat.of().formatHex(EventCodec.encode(e))).toList();
  }

  private static StudyPlan plan(int eta) {
    return Plans.plan().trials(60).levels(1, 27, eta).search("tpe").build();
  }

  private static int started(Simulation world) {
    return state(world).trials().size();
  }

  private static boolean isOver(Simulation world) {
    return state(world).status() == StudyStatus.ENDED;
  }

  private static StudyView state(Simulation world) {
    return SimulatedStudies.state(world.history().events(STUDY));
  }
}
