package dev.rung.simulate;

import dev.rung.study.AttemptRef;
import dev.rung.study.Cause;
import dev.rung.study.Entry;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyPlan.Objective;
import dev.rung.study.StudySummary;
import dev.rung.study.StudyView;
import dev.rung.study.Trial;
import dev.rung.study.TrialStatus;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A study that has run, as its events tell.
 *
 * @param summary of the study at its end
 * @param source text of its newest study file; empty: there is none
 * @param curves of its trials, by number
 * @param trainers the most attempts that ran at the same time, at least 1
 * @param points that trainers reported
 * @param wasChanged whether a person changed its plan while it ran
 */
public record Recording(
    StudySummary summary,
    String source,
    List<RecordedCurve> curves,
    int trainers,
    long points,
    boolean wasChanged) {
  /** Copies the curves. */
  public Recording {
    curves = List.copyOf(curves);
  }

  /**
   * Reads a history.
   *
   * @param events all of a study, in order
   * @throws ContradictionException an event cannot have happened after those before it
   * @throws IllegalArgumentException its curves cannot be replayed, or there are none
   */
  public static Recording of(List<StudyEvent> events) {
    if (events.isEmpty()) {
      throw new IllegalArgumentException("expected the events of a study, but there are none");
    }
    Folding folding = new Folding();
    StudyView study = folding.study();
    Map<Integer, CurveBuilder> builders = new TreeMap<>();
    Map<Integer, Long> awaited = new TreeMap<>();
    String source = "";
    int trainers = 1;
    long points = 0;
    boolean wasChanged = false;
    for (StudyEvent event : events) {
      folding.add(event);
      switch (event) {
        case StudyEvent.StudyCreated created -> source = created.source();
        case StudyEvent.PlanChanged changed -> {
          source = changed.source().orElse(source);
          wasChanged = true;
        }
        case StudyEvent.TrialCloned cloned ->
            throw new IllegalArgumentException(
                ("expected trials with settings that stay as they are, but trial %d is a changed"
                        + " copy of trial %d, so that no curve tells of other rules")
                    .formatted(cloned.trial(), cloned.parent()));
        case StudyEvent.AttemptLeased leased -> {
          int number = leased.attempt().trial();
          Trial trial = Objects.requireNonNull(study.trial(number));
          builders
              .computeIfAbsent(number, n -> new CurveBuilder(n, trial.assignment()))
              .begin(leased.attempt().attempt(), leased.startStep());
          trainers = Math.max(trainers, study.running().size());
        }
        case StudyEvent.EntriesRecorded recorded -> {
          builder(builders, recorded.attempt()).add(recorded.entries());
          points += recorded.entries().stream().filter(Entry.Point.class::isInstance).count();
        }
        case StudyEvent.MetricAwaited waits -> awaited.put(waits.attempt().trial(), waits.step());
        case StudyEvent.MetricPut put -> {
          Long step = awaited.get(put.trial());
          CurveBuilder builder = builders.get(put.trial());
          if (step != null && builder != null) {
            builder.put(step, put.metric(), put.value());
          }
        }
        default -> {
          // Says nothing of a curve.
        }
      }
    }
    StudyPlan measured = trainersMeasure(study.plan());
    List<RecordedCurve> curves =
        builders.entrySet().stream()
            .map(entry -> entry.getValue().curve(measured, failure(study, entry.getKey())))
            .toList();
    if (curves.stream().allMatch(curve -> curve.points().isEmpty())) {
      throw new IllegalArgumentException(
          "expected points that trials can be judged by, but the recording has none");
    }
    return new Recording(StudySummary.of(study), source, curves, trainers, points, wasChanged);
  }

  private static CurveBuilder builder(Map<Integer, CurveBuilder> builders, AttemptRef attempt) {
    return Objects.requireNonNull(builders.get(attempt.trial()));
  }

  /** The same plan, with all scores at the points that they were put for. */
  static StudyPlan trainersMeasure(StudyPlan plan) {
    return new StudyPlan(
        plan.name(),
        plan.objectives().stream()
            .map(objective -> new Objective(objective.name(), objective.goal(), objective.take()))
            .toList(),
        plan.resource(),
        plan.budget(),
        plan.algorithm(),
        plan.space(),
        plan.trainer(),
        plan.seed(),
        plan.constraints(),
        plan.priority(),
        plan.enqueued(),
        plan.weight());
  }

  /** Why a training ended by itself before anybody told it to. */
  private static Optional<Cause> failure(StudyView study, int number) {
    Trial trial = Objects.requireNonNull(study.trial(number));
    Cause cause = trial.lastAttempt().cause();
    boolean failed =
        trial.status() == TrialStatus.FAILED
            || trial.status() == TrialStatus.INFEASIBLE
            || (trial.status() == TrialStatus.STOPPED && cause == Cause.DIVERGED);
    return failed ? Optional.ofNullable(cause) : Optional.empty();
  }

  /** The study's plan at the end. */
  public StudyPlan plan() {
    return summary.plan();
  }

  /** Whether it is known of each point how long its training took. */
  public boolean hasTimes() {
    return curves.stream()
        .flatMap(curve -> curve.points().values().stream())
        .allMatch(point -> point.millis().isPresent());
  }
}
