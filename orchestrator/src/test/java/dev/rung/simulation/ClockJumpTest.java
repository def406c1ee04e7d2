package dev.rung.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.study.EndReason;
import dev.rung.study.Plans;
import dev.rung.study.SimulatedStudies;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyStatus;
import dev.rung.study.StudyView;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wall clock jumps while nodes are without a session: their deadlines do not know of it. */
final class ClockJumpTest {
  private static final String STUDY = "study-1";
  private static final Duration LONG = Duration.ofMinutes(30);

  @ParameterizedTest
  @ValueSource(longs = {2, -2})
  void shouldLoseNoAttemptWhenTheClockJumpsWhileStreamsAreCut(long hours) {
    play(world -> {
      world.clock().jump(Duration.ofHours(hours).toMillis());
      keepAway(world);
    });
  }

  @Test
  void shouldLoseNoAttemptWhenTheClockJumpsWhileTheServerIsDown() {
    play(world -> {
      world.crash();
      world.clock().jump(Duration.ofHours(2).toMillis());
      world.runUntil(() -> !world.wires().isEmpty(), LONG);
      keepAway(world);
    });
  }

  /** For less time than the shortest deadline of a simulated server, which is 5 s. */
  private static void keepAway(Simulation world) {
    for (int i = 0; i < 8; i++) {
      world.wires().forEach(Wire::cut);
      world.runUntil(() -> false, Duration.ofMillis(500));
    }
  }

  private static void play(Consumer<Simulation> trouble) {
    Simulation.play(
        Style.calm(1, 2, Integer.MAX_VALUE),
        Plans.plan().trials(6).levels(20, 80, 2).build(),
        world -> {
          assertThat(world.runUntil(() -> trains(world), LONG)).isTrue();

          trouble.accept(world);

          assertThat(world.runUntil(() -> isOver(world), LONG)).isTrue();
          assertThat(world.history().events(STUDY))
              .noneMatch(e -> e instanceof StudyEvent.AttemptEnded ended && ended.byServer());
          assertThat(state(world).endReason()).isEqualTo(EndReason.COMPLETED);
        });
  }

  private static boolean trains(Simulation world) {
    return state(world).trials().stream().anyMatch(trial -> trial.step() > 3);
  }

  private static boolean isOver(Simulation world) {
    return state(world).status() == StudyStatus.ENDED;
  }

  private static StudyView state(Simulation world) {
    return SimulatedStudies.state(world.history().events(STUDY));
  }
}
