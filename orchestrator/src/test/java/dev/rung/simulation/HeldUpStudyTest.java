package dev.rung.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.study.Plans;
import dev.rung.study.SimulatedStudies;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyStatus;
import dev.rung.study.StudyView;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The actor of one study takes nothing for 90 s, which is longer than an attempt may be without a
 * session. That is the server's fault, so no node may suffer for it, and no other study.
 */
final class HeldUpStudyTest {
  private static final String HELD = "study-1";
  private static final String OTHER = "study-2";
  private static final Duration HELD_UP = Duration.ofSeconds(90);
  private static final Duration LONG = Duration.ofHours(1);

  @Test
  void shouldLoseNoAttemptOfAnyStudyAndTakeEveryPoint() {
    Simulation.play(
        Style.calm(2, 2, Integer.MAX_VALUE),
        Plans.plan().trials(12).levels(60, 240, 2).build(),
        world -> {
          assertThat(world.runUntil(() -> trains(world, HELD) && trains(world, OTHER), LONG))
              .isTrue();
          int before = world.history().events(HELD).size();
          int otherBefore = world.history().events(OTHER).size();

          world.heldUp().holdUp(HELD);
          world.runUntil(() -> false, HELD_UP);

          assertThat(world.history().events(HELD)).hasSize(before);
          assertThat(world.history().events(OTHER)).hasSizeGreaterThan(otherBefore + 30);
          world.heldUp().letGo(HELD);
          assertThat(world.runUntil(() -> isOver(world, HELD) && isOver(world, OTHER), LONG))
              .isTrue();
          assertThat(world.runUntil(() -> world.hosts().stream().allMatch(Host::isAtRest), LONG))
              .isTrue();
          assertThat(Stream.of(HELD, OTHER).flatMap(s -> world.history().events(s).stream()))
              .noneMatch(StudyEvent.LateEntriesRecorded.class::isInstance)
              .noneMatch(e -> e instanceof StudyEvent.AttemptEnded ended && ended.byServer());
          for (String study : List.of(HELD, OTHER)) {
            SimulatedStudies.check(0, state(world, study).plan(), world.history().events(study));
          }
          world.history().checkEnd();
          assertThat(world.history().problems()).isEmpty();
        });
  }

  private static boolean trains(Simulation world, String study) {
    StudyView state = state(world, study);
    return state.trials().stream().anyMatch(trial -> trial.step() > 3);
  }

  private static boolean isOver(Simulation world, String study) {
    return state(world, study).status() == StudyStatus.ENDED;
  }

  private static StudyView state(Simulation world, String study) {
    return SimulatedStudies.state(world.history().events(study));
  }
}
