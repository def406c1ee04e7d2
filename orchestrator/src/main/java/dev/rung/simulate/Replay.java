package dev.rung.simulate;

import dev.rung.simulate.RecordedCurve.RecordedPoint;
import dev.rung.study.Objectives;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyPlan.Algorithm;
import dev.rung.study.StudyPlan.Budget;
import dev.rung.study.StudyStatus;
import dev.rung.study.StudySummary;
import dev.rung.study.StudySummary.RungSummary;
import dev.rung.study.StudyView;
import dev.rung.study.StudyView.Best;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a study that has run would have done with another plan, on its own recorded curves. Nothing
 * is invented: a training that is to go on past the end of its curve ends there, and what would
 * have come of it stays unknown.
 *
 * @param recorded how it went
 * @param replayed how it goes with the other plan
 * @param inSeconds whether times are seconds; else a unit of resource takes a unit of time
 * @param unknown trainings that left their curves, in the order in which they did
 * @param wrongStops trials left below the replay's best although their curves come to more, the
 *     greatest loss first
 * @param notes what could not be replayed, each with the field's name
 */
public record Replay(
    Outcome recorded,
    Outcome replayed,
    boolean inSeconds,
    List<Unknown> unknown,
    List<WrongStop> wrongStops,
    List<String> notes) {
  private static final double MILLIS = 1_000;

  /**
   * What came of a run.
   *
   * @param best empty: there was no finite value that keeps the constraints
   * @param trials that began
   * @param resource of all of them
   * @param points that were reported
   * @param time in seconds, or in units
   */
  public record Outcome(
      Optional<Found> best,
      int trials,
      long resource,
      long points,
      double time,
      List<RungSummary> rungs) {}

  /**
   * A value of the objective that decides.
   *
   * @param trial its number in the recording
   */
  public record Found(int trial, long step, double value) {}

  /**
   * A trial that was left although it comes to more than the best.
   *
   * @param trial its number in the recording
   * @param left the step at which it was
   * @param missed the best that its curve comes to later
   */
  public record WrongStop(int trial, long left, Found missed) {}

  /** Copies the lists. */
  public Replay {
    unknown = List.copyOf(unknown);
    wrongStops = List.copyOf(wrongStops);
    notes = List.copyOf(notes);
  }

  /**
   * Replays a recording.
   *
   * @param plan to replay it with; its space is not looked at
   * @throws IllegalArgumentException the plan asks for what no recording has
   */
  public static Replay of(Recording recording, StudyPlan plan, int trainers) {
    if (plan.algorithm().halving().equals("population")) {
      throw new IllegalArgumentException(
          "algorithm.halving: expected a rule that leaves settings as they are, but population"
              + " changes them, and no curve tells what comes of that");
    }
    List<String> notes = new ArrayList<>();
    boolean inSeconds = recording.hasTimes();
    StudyPlan replayable = replayable(recording, plan, inSeconds, notes);
    RecordedCurves curves =
        new RecordedCurves(recording.plan().space(), recording.curves(), inSeconds);
    Ends ends = new Ends();
    SimulatedRun run =
        new Simulation(
                replayable, curves, FleetModel.of(trainers), replayable.seed(), (long) MILLIS)
            .watchedBy(ends)
            .run(Double.POSITIVE_INFINITY);
    Optional<Found> best =
        Optional.ofNullable(run.summary().best())
            .map(b -> found(replayable, b, curves.curve(b.trial()).trial()));
    return new Replay(
        recorded(recording, inSeconds),
        new Outcome(best, run.started(), run.resource(), run.points(), run.time(), run.rungs()),
        inSeconds,
        run.unknown(),
        wrongStops(replayable, ends.reached, curves, best),
        notes);
  }

  private static Outcome recorded(Recording recording, boolean inSeconds) {
    StudySummary summary = recording.summary();
    return new Outcome(
        Optional.ofNullable(summary.best()).map(best -> found(summary.plan(), best, best.trial())),
        summary.trials().values().stream().mapToInt(Integer::intValue).sum(),
        summary.resourceUsed(),
        recording.points(),
        inSeconds ? (summary.updated() - summary.created()) / MILLIS : Double.NaN,
        summary.rungs());
  }

  private static Found found(StudyPlan plan, Best best, int trial) {
    String name = plan.objective().name();
    return new Found(trial, best.step(), Objects.requireNonNull(best.metrics().get(name)));
  }

  private static StudyPlan replayable(
      Recording recording, StudyPlan plan, boolean inSeconds, List<String> notes) {
    Budget budget = plan.budget();
    if (recording.summary().status() != StudyStatus.ENDED) {
      notes.add("the study had not ended when it was recorded");
    }
    if (recording.wasChanged()) {
      notes.add("the study was changed while it ran; it is replayed as it was in the end");
    }
    if (plan.isScoredLater()) {
      notes.add("metric: scores from outside come at once, at the steps that they were put for");
    }
    if (!plan.algorithm().search().equals(recording.plan().algorithm().search())) {
      notes.add("algorithm.search: trials begin as they are recorded, whatever searches");
    }
    if (budget.deadline().isPresent()) {
      notes.add("budget.deadline: it is left out");
    }
    if (budget.time().isPresent() && !inSeconds) {
      notes.add("budget.time: it is left out, since the trainers did not say how long they took");
    }
    Budget timed =
        new Budget(
            budget.trials(),
            budget.parallel(),
            inSeconds ? budget.time() : Optional.empty(),
            budget.resource(),
            budget.target(),
            budget.cost(),
            budget.noImprovement(),
            OptionalLong.empty());
    StudyPlan measured = Recording.trainersMeasure(plan);
    Algorithm algorithm = plan.algorithm();
    return new StudyPlan(
        measured.name(),
        measured.objectives(),
        measured.resource(),
        timed,
        new Algorithm(
            algorithm.halving(),
            "random",
            algorithm.eta(),
            algorithm.delayed(),
            algorithm.mode(),
            algorithm.brackets()),
        recording.plan().space(),
        measured.trainer(),
        measured.seed(),
        measured.constraints(),
        measured.priority(),
        Optional.empty(),
        measured.weight());
  }

  /** Where trials were left. */
  private static final class Ends implements Watcher {
    /** The last step of each trial that has begun. */
    private final Map<Integer, Long> reached = new HashMap<>();

    @Override
    public void happened(double time, StudyEvent event, StudyView study) {
      switch (event) {
        case StudyEvent.AttemptLeased leased ->
            reached.merge(leased.attempt().trial(), 0L, Math::max);
        case StudyEvent.EntriesRecorded recorded -> {
          int trial = recorded.attempt().trial();
          reached.put(trial, Objects.requireNonNull(study.trial(trial)).step());
        }
        default -> {
          // Ends nothing.
        }
      }
    }
  }

  private static List<WrongStop> wrongStops(
      StudyPlan plan, Map<Integer, Long> reached, RecordedCurves curves, Optional<Found> best) {
    double least =
        best.map(found -> plan.objective().loss(found.value())).orElse(Double.POSITIVE_INFINITY);
    List<WrongStop> wrong = new ArrayList<>();
    reached.forEach((trial, step) -> {
      RecordedCurve curve = curves.curve(trial);
      curve.points().tailMap(step, false).entrySet().stream()
          .filter(later -> keepsBounds(plan, later.getValue()))
          .map(later -> new Found(curve.trial(), later.getKey(), value(plan, later.getValue())))
          .filter(later -> plan.objective().loss(later.value()) < least)
          .min(Comparator.comparingDouble(later -> plan.objective().loss(later.value())))
          .ifPresent(missed -> wrong.add(new WrongStop(curve.trial(), step, missed)));
    });
    wrong.sort(
        Comparator.<WrongStop>comparingDouble(stop -> plan.objective().loss(stop.missed().value()))
            .thenComparingInt(WrongStop::trial));
    return wrong;
  }

  private static boolean keepsBounds(StudyPlan plan, RecordedPoint point) {
    return Objectives.score(plan, point.metrics()).violation() == 0;
  }

  private static double value(StudyPlan plan, RecordedPoint point) {
    return Objects.requireNonNull(point.metrics().get(plan.objective().name()));
  }
}
