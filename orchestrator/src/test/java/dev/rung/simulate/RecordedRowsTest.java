package dev.rung.simulate;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.searcher.Observation;
import dev.rung.searcher.Searcher;
import dev.rung.simulate.FleetModel.Points;
import dev.rung.simulate.FleetModel.Resume;
import dev.rung.space.Assignment;
import dev.rung.space.SearchSpace;
import dev.rung.space.Value.DoubleValue;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyPlan;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The trials of a recording as rows: unequal curves, with points at some steps only. */
final class RecordedRowsTest {
  private static final String TWO =
      """
      resource: {unit: epoch, max: 9}
      budget: {trials: 2}
      algorithm: {search: random, halving: none}
      """;

  /** Trial 1 is measured at 2, 5 and 9, trial 2 at 2 and 5 and no more. */
  private static Recording recording() {
    StudyPlan plan = RecordedStudy.plan(RecordedStudy.file(TWO));
    Task sparse =
        new Task() {
          @Override
          public SearchSpace space() {
            return plan.space();
          }

          @Override
          public SortedSet<String> metrics() {
            return new TreeSet<>();
          }

          @Override
          public OptionalLong lastStep() {
            return OptionalLong.empty();
          }

          @Override
          public Map<String, Double> measure(Assignment assignment, int trial, long step) {
            return step == 5
                ? Map.of("loss", trial + 5.0)
                : Map.of("loss", trial + (double) step, "sometimes", 1.0);
          }

          @Override
          public OptionalLong next(Assignment assignment, int trial, long after) {
            return Stream.of(2L, 5L, 9L)
                .filter(step -> step > after && step + 4L * trial <= 13)
                .mapToLong(Long::longValue)
                .findFirst();
          }
        };
    return Recording.of(RecordedStudy.of(RecordedStudy.file(TWO), 1, sparse));
  }

  private static RecordedRows rows(Recording recording) {
    return new RecordedRows(recording, recording.plan().space());
  }

  @Test
  void shouldHaveThePointsThatWereRecorded() {
    Recording recording = recording();
    RecordedRows rows = rows(recording);
    Assignment first = recording.curves().get(0).assignment();
    Assignment second = recording.curves().get(1).assignment();

    assertThat(rows.metrics()).containsExactly("loss");
    assertThat(rows.lastStep()).hasValue(9);
    assertThat(rows.next(first, 7, 0)).hasValue(2);
    assertThat(rows.next(first, 7, 3)).hasValue(5);
    assertThat(rows.next(first, 7, 5)).hasValue(9);
    assertThat(rows.next(second, 7, 5)).isEmpty();
    assertThat(rows.failure(second, 7)).isEmpty();
    assertThat(rows.recorded(second, 7)).isEqualTo(2);
    assertThat(rows.measure(first, 7, 9)).containsEntry("loss", 10.0);
    // Ten an epoch, of the first two epochs one.
    assertThat(rows.effort(first, 7, 1, 9)).isEqualTo(new Task.Effort(8, OptionalDouble.of(80)));
  }

  /** The second trial ends at 5 whichever points come; the first has nothing to say before 9. */
  @ParameterizedTest
  @EnumSource(Points.class)
  void shouldEndWhereACurveEndsWhicheverPointsCome(Points points) {
    Recording recording = recording();
    StudyPlan plan = recording.plan();

    SimulatedRun run =
        new Simulation(
                plan,
                rows(recording),
                new FleetModel(1, 0, 0, 0, 0, 0, 0, 0, 0, Resume.FULL, points),
                plan.seed(),
                1_000)
            .run(1_000);

    assertThat(run.unknown()).containsExactly(new Unknown(2, 9, 5));
    assertThat(run.resource()).isEqualTo(9 + 5);
    assertThat(run.completed()).isEqualTo(1);
    assertThat(run.points()).isEqualTo(points == Points.EVERY ? 3 + 2 : 1 + 2);
    assertThat(run.summary().cost()).hasValue(140);
  }

  /** A trial that had not begun to report when the study was exported is no row. */
  @Test
  void shouldHaveNoRowWithoutPoints() {
    List<StudyEvent> events = RecordedStudy.of(RecordedStudy.file(TWO), 1, (trial, step) -> trial);
    int second = 0;
    while (!(events.get(second) instanceof StudyEvent.AttemptLeased leased
        && leased.attempt().trial() == 2)) {
      second++;
    }
    RecordedRows rows = rows(Recording.of(events.subList(0, second + 1)));

    assertThat(proposed(rows)).hasSize(1);
  }

  private static List<Integer> proposed(RecordedRows rows) {
    Searcher anywhere =
        new Searcher() {
          @Override
          public String name() {
            return "test";
          }

          @Override
          public Optional<Assignment> suggest(int trial) {
            return Optional.of(new Assignment(List.of(new DoubleValue(0.5))));
          }
        };
    Searcher limited = rows.limit(anywhere, 1);
    return Stream.iterate(1, trial -> trial + 1)
        .map(trial -> {
          Optional<Assignment> next = limited.suggest(trial);
          next.ifPresent(begun -> limited.observe(new Observation.Begun(trial, begun)));
          return next.map(assignment -> rows.recorded(assignment, trial));
        })
        .takeWhile(Optional::isPresent)
        .flatMap(Optional::stream)
        .toList();
  }

  /** Of two trials with one setting the one that is known for longer is the row. */
  @Test
  void shouldHaveOneRowForASetting() {
    Recording recording = recording();
    RecordedCurve first = recording.curves().get(0);
    RecordedCurve second = recording.curves().get(1);
    Recording twins =
        new Recording(
            recording.summary(),
            "",
            List.of(
                new RecordedCurve(1, first.assignment(), second.points(), Optional.empty()),
                new RecordedCurve(2, first.assignment(), first.points(), Optional.empty())),
            1,
            5,
            false);

    assertThat(proposed(rows(twins))).containsExactly(2);
  }
}
