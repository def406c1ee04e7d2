package dev.rung.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.rung.fleet.Pace;
import dev.rung.study.AttemptRef;
import dev.rung.study.Cause;
import dev.rung.study.Entry;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class PacesTest {
  private static final AttemptKey KEY = new AttemptKey("s", new AttemptRef(1, 1));
  private final Paces paces = new Paces();

  private static Entry point(long step) {
    return new Entry.Point(step, Map.of(), OptionalDouble.empty(), Optional.empty());
  }

  private void take(double seconds, int slots, Entry... entries) {
    paces.take(KEY, List.of(entries), (long) (seconds * 1e9), slots);
  }

  private Pace pace() {
    return Objects.requireNonNull(paces.byStudy().get("s"));
  }

  /** It goes on from step 7; what came before was not trained here. */
  @Test
  void shouldCountStepsFromTheFirstReportOn() {
    take(1, 1, point(8));
    assertThat(paces.byStudy()).isEmpty();
    take(3, 1, point(9), point(12));
    assertThat(pace()).isEqualTo(new Pace(4, 2));
  }

  @Test
  void shouldCountTheTimeOfEverySlot() {
    take(0, 2, point(1));
    take(5, 2, point(2));
    assertThat(pace()).isEqualTo(new Pace(1, 10));
  }

  @Test
  void shouldForgetWhereAnAttemptWasOnceItEnded() {
    take(0, 1, point(5), new Entry.Ended(Cause.PAUSED, ""));
    take(100, 1, point(6));
    assertThat(paces.byStudy()).isEmpty();
  }

  /** Ten minutes of training at another pace count as much as all before them. */
  @Test
  void shouldFollowANodeWhoseSpeedChanges() {
    take(0, 1, point(1));
    for (int minute = 1; minute <= 120; minute++) {
      take(60 * minute, 1, point(1 + 60L * minute));
    }
    Pace steady = pace();
    assertThat(steady.steps() / steady.seconds()).isCloseTo(1, within(1e-9));
    for (int minute = 1; minute <= 10; minute++) {
      take(60 * (120 + minute), 1, point(1 + 60L * 120 + 180L * minute));
    }
    assertThat(pace().steps() / pace().seconds()).isCloseTo(2, within(0.1));
  }
}
