package dev.rung.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import dev.rung.space.Assignment;
import dev.rung.study.Entry;
import dev.rung.study.StudyPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

/** Curves that are put together from what attempts reported. */
final class CurveBuilderTest {
  private static final StudyPlan PLAN =
      RecordedStudy.plan(
          RecordedStudy.file(
              """
              resource: {unit: epoch, max: 9}
              budget: {trials: 3}
              """));

  private static Entry point(long step, Map<String, Double> metrics, Optional<Long> wall) {
    return new Entry.Point(step, metrics, OptionalDouble.empty(), wall);
  }

  /**
   * The first attempt dies after step 3 and 6 s; the second begins after its checkpoint at 2. What
   * the first measured at 3 counts; step 4 took from 1,500 to 3,500 ms of the second.
   */
  @Test
  void shouldMergeTheAttemptsOfATrial() {
    CurveBuilder builder = new CurveBuilder(7, new Assignment(List.of()));
    builder.begin(1, 0);
    builder.add(
        List.of(
            point(2, Map.of("loss", 0.9), Optional.of(5_000L)),
            point(3, Map.of("loss", 0.8), Optional.of(6_000L))));
    builder.begin(2, 2);
    builder.add(
        List.of(
            point(3, Map.of("loss", 0.7), Optional.of(1_500L)),
            point(4, Map.of("other", 1.0), Optional.of(3_000L)),
            point(4, Map.of("loss", 0.6), Optional.of(3_500L)),
            point(5, Map.of("other", 1.0), Optional.of(4_000L)),
            point(6, Map.of("loss", 0.5), Optional.of(4_500L)),
            point(7, Map.of("other", 1.0), Optional.of(5_000L))));

    RecordedCurve curve = builder.curve(PLAN, Optional.empty());

    assertThat(curve.trial()).isEqualTo(7);
    assertThat(curve.points().keySet()).containsExactly(2L, 3L, 4L, 6L);
    assertThat(curve.points().values())
        .extracting(p -> p.metrics().get("loss"), p -> p.since(), p -> p.millis().orElse(-1))
        .containsExactly(
            tuple(0.9, 0L, 5_000L),
            tuple(0.8, 2L, 1_000L),
            tuple(0.6, 3L, 2_000L),
            tuple(0.5, 4L, 1_000L));
    assertThat(curve.end()).isEqualTo(6);
  }

  /** A person scores trials at the rungs that they come to; replayed the scores are there. */
  @Test
  void shouldReplayScoresAtTheStepsThatTheyWerePutFor() {
    CurveBuilder builder = new CurveBuilder(1, new Assignment(List.of()));
    builder.begin(1, 0);
    builder.add(
        List.of(point(1, Map.of(), Optional.empty()), point(2, Map.of(), Optional.empty())));
    builder.put(2, "loss", 0.4);
    builder.put(3, "loss", 0.3);

    RecordedCurve curve = builder.curve(PLAN, Optional.empty());

    assertThat(curve.points().keySet()).containsExactly(2L);
    assertThat(curve.points().values()).allMatch(point -> point.millis().isEmpty());
  }
}
