package dev.rung.simulate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import dev.rung.simulate.Replay.Found;
import dev.rung.simulate.Replay.WrongStop;
import dev.rung.space.Assignment;
import dev.rung.space.SearchSpace;
import dev.rung.study.AttemptRef;
import dev.rung.study.Cause;
import dev.rung.study.Entry;
import dev.rung.study.Slot;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudySummary.RungSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Studies of three trials on one trainer, whose replays can be worked out by hand. */
final class ReplayTest {
  private static final String THREE =
      """
      resource: {unit: epoch, max: 9}
      budget: {trials: 3}
      algorithm: {search: random, halving: asha, eta: 3}
      """;

  private static Recording record(String rest, RecordedStudy.Losses losses) {
    return Recording.of(RecordedStudy.of(RecordedStudy.file(rest), 1, losses));
  }

  private static StudyPlan plan(String rest) {
    return RecordedStudy.plan(RecordedStudy.file(rest));
  }

  private static List<Integer> entered(Replay.Outcome outcome) {
    return outcome.rungs().stream().map(RungSummary::entered).toList();
  }

  /** Trial 1 is the best and trains to 3, the others to 1: five epochs of two seconds each. */
  @Test
  void shouldReplayAStudyAsItWas() {
    Recording recording = record(THREE, (trial, step) -> trial);

    Replay replay = Replay.of(recording, recording.plan(), recording.trainers());

    assertThat(recording.trainers()).isEqualTo(1);
    assertThat(replay.inSeconds()).isTrue();
    assertThat(replay.recorded()).isEqualTo(replay.replayed());
    assertThat(replay.replayed().best()).contains(new Found(1, 1, 1));
    assertThat(replay.replayed().trials()).isEqualTo(3);
    assertThat(replay.replayed().resource()).isEqualTo(5);
    assertThat(replay.replayed().points()).isEqualTo(5);
    assertThat(replay.replayed().time()).isEqualTo(10);
    assertThat(entered(replay.replayed())).containsExactly(3, 1, 0);
    assertThat(replay.unknown()).isEmpty();
    assertThat(replay.wrongStops()).isEmpty();
    assertThat(replay.notes()).isEmpty();
  }

  /** Two trainers: at 2 s trials 1 and 2 are done, at 4 s trial 3, at 8 s trial 1 again. */
  @Test
  void shouldReplayOnMoreTrainers() {
    Recording recording = record(THREE, (trial, step) -> trial);

    assertThat(Replay.of(recording, recording.plan(), 2).replayed().time()).isEqualTo(8);
  }

  /** Without halving all three head for 9; nobody knows what is past 3, 1 and 1. */
  @Test
  void shouldInventNothingPastTheEndOfACurve() {
    Recording recording = record(THREE, (trial, step) -> trial);

    Replay replay = Replay.of(recording, plan(THREE.replace("asha", "none")), 1);

    assertThat(replay.unknown())
        .containsExactly(new Unknown(1, 9, 3), new Unknown(2, 9, 1), new Unknown(3, 9, 1));
    assertThat(replay.replayed().resource()).isEqualTo(5);
    assertThat(entered(replay.replayed())).containsExactly(0);
    assertThat(replay.replayed().best()).contains(new Found(1, 1, 1));
  }

  /** Trial 2 begins badly and ends at 0.2; whoever compares at 1 leaves it there. */
  @Test
  void shouldNameTrialsThatWereLeftTooSoon() {
    Recording recording =
        record(
            THREE.replace("asha", "none"),
            (trial, step) -> trial == 2 ? 2 - 0.2 * step : trial == 1 ? 1.0 : 3.0);

    Replay replay = Replay.of(recording, plan(THREE), 1);

    assertThat(replay.recorded().best()).contains(new Found(2, 9, 2 - 0.2 * 9));
    assertThat(replay.replayed().best()).contains(new Found(1, 1, 1));
    assertThat(replay.wrongStops())
        .containsExactly(new WrongStop(2, 1, new Found(2, 9, 2 - 0.2 * 9)));
    assertThat(replay.unknown()).isEmpty();
    assertThat(replay.replayed().resource()).isEqualTo(5);
    assertThat(replay.recorded().resource()).isEqualTo(27);
  }

  /** Where every curve is known to the end, a replay is what a study with these curves is. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "auto",
        "asha",
        "asha, mode: stopping",
        "asha, mode: quantile",
        "asha, delayed: true",
        "cost-aware",
        "hyperband",
        "median",
        "pasha",
        "none"
      })
  void shouldDoWhatAStudyDoesWhereAllIsKnown(String halving) {
    RecordedStudy.Losses losses = (trial, step) -> trial * 7 % 11 + 3.0 * (trial % 3) / step;
    String full =
        """
        resource: {unit: epoch, max: 27}
        budget: {trials: 30}
        algorithm: {search: random, halving: none}
        """;
    Recording recording = record(full, losses);
    StudyPlan plan = plan(full.replace("halving: none", "halving: " + halving));

    Replay replay = Replay.of(recording, plan, 3);

    SimulatedRun run =
        new Simulation(
                plan,
                new RecordedStudy.Given(plan.space(), losses),
                FleetModel.of(3),
                plan.seed(),
                1_000)
            .run(10_000);
    assertThat(replay.unknown()).isEmpty();
    assertThat(replay.replayed().rungs())
        .extracting(RungSummary::level, RungSummary::entered, RungSummary::promoted)
        .isEqualTo(
            run.rungs().stream().map(r -> tuple(r.level(), r.entered(), r.promoted())).toList());
    assertThat(replay.replayed().resource()).isEqualTo(run.resource());
    assertThat(replay.replayed().time()).isEqualTo(2 * run.time());
    assertThat(replay.replayed().trials()).isEqualTo(30);
  }

  /** Five trials are asked for, three are there. */
  @Test
  void shouldHaveNoMoreTrialsThanWereRecorded() {
    Recording recording = record(THREE, (trial, step) -> trial);

    Replay replay = Replay.of(recording, plan(THREE.replace("trials: 3", "trials: 5")), 1);

    assertThat(replay.replayed().trials()).isEqualTo(3);
    assertThat(replay.replayed()).isEqualTo(replay.recorded());
  }

  /** Ten an epoch: after the third 30 of 25 are spent. Five seconds are over after the third. */
  @Test
  void shouldCountWhatTrainingCostAndHowLongItTook() {
    Recording recording = record(THREE, (trial, step) -> trial);

    assertThat(
            Replay.of(recording, plan(THREE.replace("trials: 3", "cost: 25")), 1)
                .replayed()
                .resource())
        .isEqualTo(3);
    assertThat(
            Replay.of(recording, plan(THREE.replace("trials: 3", "time: 5s")), 1)
                .replayed()
                .resource())
        .isEqualTo(3);
  }

  /** Trial 1 fails after its first epoch, and again when it is tried again. */
  @Test
  void shouldLetATrainingFailWhereItFailed() {
    SearchSpace space = plan(THREE).space();
    RecordedStudy.Given given = new RecordedStudy.Given(space, (trial, step) -> trial);
    Task failing =
        new Task() {
          @Override
          public SearchSpace space() {
            return space;
          }

          @Override
          public SortedSet<String> metrics() {
            return given.metrics();
          }

          @Override
          public OptionalLong lastStep() {
            return OptionalLong.empty();
          }

          @Override
          public Map<String, Double> measure(Assignment assignment, int trial, long step) {
            return given.measure(assignment, trial, step);
          }

          @Override
          public OptionalLong next(Assignment assignment, int trial, long after) {
            return trial == 1 && after == 1 ? OptionalLong.empty() : OptionalLong.of(after + 1);
          }

          @Override
          public Optional<Cause> failure(Assignment assignment, int trial) {
            return Optional.of(Cause.USER_ERROR);
          }
        };
    String file = RecordedStudy.file(THREE);
    Recording recording = Recording.of(RecordedStudy.of(file, 1, failing));

    Replay replay = Replay.of(recording, recording.plan(), 1);

    assertThat(entered(replay.recorded())).containsExactly(3, 1, 0);
    assertThat(entered(replay.replayed())).containsExactly(3, 1, 0);
    assertThat(recording.curves().get(0).failure()).contains(Cause.USER_ERROR);
    assertThat(replay.unknown()).isEmpty();
  }

  @Test
  void shouldSayWhatItDoesNotReplay() {
    Recording recording = record(THREE, (trial, step) -> trial);
    StudyPlan plan =
        plan(
            """
            resource: {unit: epoch, max: 9}
            budget: {trials: 3, deadline: "2027-01-31T18:00:00Z"}
            algorithm: {search: tpe, halving: asha}
            """);

    assertThat(Replay.of(recording, plan, 1).notes())
        .containsExactly(
            "algorithm.search: trials begin as they are recorded, whatever searches",
            "budget.deadline: it is left out");
  }

  /** What is recorded ends after the first point of the first trial. */
  @Test
  void shouldSayThatAStudyHadNotEnded() {
    List<StudyEvent> events =
        RecordedStudy.of(RecordedStudy.file(THREE), 1, (trial, step) -> trial);
    int first =
        IntStream.range(0, events.size())
            .filter(i -> events.get(i) instanceof StudyEvent.EntriesRecorded)
            .findFirst()
            .orElseThrow();

    Replay replay = Replay.of(Recording.of(events.subList(0, first + 1)), plan(THREE), 1);

    assertThat(replay.notes()).containsExactly("the study had not ended when it was recorded");
    assertThat(replay.replayed().trials()).isEqualTo(1);
  }

  @Test
  void shouldRefuseWhatNoCurveTells() {
    Recording recording = record(THREE, (trial, step) -> trial);

    assertThatThrownBy(() -> Replay.of(recording, plan(THREE.replace("asha", "population")), 1))
        .hasMessageStartingWith("algorithm.halving: expected a rule that leaves settings");
    String population =
        """
        resource: {unit: epoch, min: 2, max: 20}
        budget: {trials: 8}
        algorithm: {search: random, halving: population}
        """;
    assertThatThrownBy(() -> record(population, (trial, step) -> trial))
        .hasMessageMatching(
            "expected trials with settings that stay as they are, but trial \\d+ is a changed copy"
                + " of trial \\d+, so that no curve tells of other rules");
    List<StudyEvent> events =
        RecordedStudy.of(RecordedStudy.file(THREE), 1, (trial, step) -> trial).subList(0, 2);
    assertThatThrownBy(() -> Recording.of(events))
        .hasMessage("expected points that trials can be judged by, but the recording has none");
  }

  private static Entry point(long step, Map<String, Double> metrics, Optional<Long> wall) {
    return new Entry.Point(step, metrics, OptionalDouble.empty(), wall);
  }

  /** The trainer measures nothing at 1; later a person gives 4.5, replayed it is there at once. */
  @Test
  void shouldReplayAStudyThatPeopleScored() {
    String file =
        """
        name: scored
        metric: {name: rating, goal: maximize, source: external}
        resource: {unit: epoch, max: 3}
        budget: {trials: 1}
        algorithm: {halving: asha, search: random, eta: 3}
        space: {x: {min: 0.0, max: 1.0}}
        trainer: {kind: none}
        """;
    AttemptRef attempt = new AttemptRef(1, 1);
    List<StudyEvent> events = new ArrayList<>();
    StudyShell shell = new StudyShell(RecordedStudy.plan(file), StudyPlan::searcher, events::add);
    for (StudyCommand command :
        List.of(
            new StudyCommand.Create("scored", RecordedStudy.plan(file), file),
            new StudyCommand.Foresee(1),
            new StudyCommand.Grant(new Slot("node", 1, "session", 1)),
            new StudyCommand.Report(attempt, 1, List.of(point(1, Map.of(), Optional.of(7_000L)))),
            new StudyCommand.Report(attempt, 2, List.of(new Entry.Ended(Cause.PAUSED, ""))),
            new StudyCommand.PutMetric(1, "rating", 4.5, OptionalLong.empty(), false))) {
      shell.send(command, 1);
      shell.answer().ifPresent(answer -> shell.send(answer, 1));
    }
    Recording recording = Recording.of(events);

    Replay replay = Replay.of(recording, recording.plan(), 1);

    assertThat(replay.recorded().best()).contains(new Found(1, 1, 4.5));
    assertThat(replay.replayed().best()).contains(new Found(1, 1, 4.5));
    assertThat(entered(replay.replayed())).isEqualTo(entered(replay.recorded())).startsWith(1);
    assertThat(replay.replayed().time()).isEqualTo(7);
    assertThat(replay.notes())
        .containsExactly(
            "metric: scores from outside come at once, at the steps that they were put for");
  }

  /** One trainer that says nothing of times makes them units. */
  @Test
  void shouldCountUnitsWhereTimesAreNotRecorded() {
    List<StudyEvent> events = new ArrayList<>();
    for (StudyEvent event :
        RecordedStudy.of(RecordedStudy.file(THREE), 1, (trial, step) -> trial)) {
      events.add(
          event instanceof StudyEvent.EntriesRecorded e
              ? new StudyEvent.EntriesRecorded(
                  e.number(),
                  e.time(),
                  e.attempt(),
                  e.firstSeq(),
                  untimed(e.attempt(), e.entries()))
              : event);
    }

    Replay replay = Replay.of(Recording.of(events), plan(THREE), 1);

    assertThat(replay.inSeconds()).isFalse();
    assertThat(replay.recorded().time()).isNaN();
    assertThat(replay.replayed().time()).isEqualTo(5);
  }

  private static List<Entry> untimed(AttemptRef attempt, List<Entry> entries) {
    return entries.stream()
        .map(entry ->
            entry instanceof Entry.Point p && attempt.trial() == 2
                ? point(p.step(), p.metrics(), Optional.empty())
                : entry)
        .toList();
  }
}
