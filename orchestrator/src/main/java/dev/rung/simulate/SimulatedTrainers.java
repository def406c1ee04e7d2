package dev.rung.simulate;

import dev.rung.simulate.FleetModel.Points;
import dev.rung.simulate.FleetModel.Resume;
import dev.rung.study.AttemptRef;
import dev.rung.study.Cause;
import dev.rung.study.Entry;
import dev.rung.study.Order;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyEffect;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyView;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.function.Consumer;

/**
 * The trainings of a simulated fleet: what each does next, and what it tells the study. They spend
 * the time of a {@link Timetable}.
 */
final class SimulatedTrainers {
  private final StudyPlan plan;
  private final Task task;
  private final FleetModel fleet;
  private final long seed;
  private final StudyView study;
  private final Timetable timetable;
  private final SimulatedNodes nodes;
  private final Consumer<StudyCommand> send;
  private final Trajectory trajectory;
  private final Map<AttemptRef, Training> trainings = new HashMap<>();

  /** Steps that a trial's weights have seen which lost its slot; gone once it is given another. */
  private final Map<Integer, Long> dropped = new HashMap<>();

  private Watcher watcher = Watcher.NONE;
  private long stretches;
  private long resource;
  private long points;
  private final List<Unknown> unknown = new ArrayList<>();

  /**
   * Trainings that have not begun.
   *
   * @param seed of all chance
   * @param send takes what is for the study
   */
  SimulatedTrainers(
      StudyPlan plan,
      Task task,
      FleetModel fleet,
      long seed,
      StudyView study,
      Timetable timetable,
      SimulatedNodes nodes,
      Consumer<StudyCommand> send) {
    this.plan = plan;
    this.task = task;
    this.fleet = fleet;
    this.seed = seed;
    this.study = study;
    this.timetable = timetable;
    this.nodes = nodes;
    this.send = send;
    this.trajectory = new Trajectory(plan.objective());
  }

  void watchedBy(Watcher other) {
    watcher = other;
  }

  /** The best of the first objective over time. */
  Trajectory trajectory() {
    return trajectory;
  }

  /** Units that were trained. */
  long resource() {
    return resource;
  }

  /** Points that were reported. */
  long points() {
    return points;
  }

  /** Trainings that left their curves, in the order in which they did. */
  List<Unknown> unknown() {
    return List.copyOf(unknown);
  }

  /** A training comes to what was planned for it, unless it was told otherwise since. */
  void happen(Happening.OfTraining happening) {
    switch (happening) {
      case Happening.Trained(Training training, int course, long position) -> {
        if (isOn(training, course)) {
          trained(training, position);
        }
      }
      case Happening.Stopped(Training training, int course, Cause cause) -> {
        if (isOn(training, course)) {
          end(training, cause);
        }
      }
      case Happening.RanOut(Training training, int course) -> {
        if (isOn(training, course)) {
          giveUp(training);
        }
      }
      case Happening.Broken(Training training, int course, boolean saved) -> {
        if (!training.over && training.stretch == course) {
          broken(training, saved);
        }
      }
    }
  }

  private static boolean isOn(Training training, int course) {
    return !training.over && training.course == course;
  }

  /** Begins an attempt in its slot. */
  void start(StudyEffect.Start start) {
    int trial = start.attempt().trial();
    Entry.Checkpoint checkpoint = start.work().resume();
    Long lost = dropped.remove(trial);
    long from =
        switch (fleet.resume()) {
          case NONE -> 0;
          case RETRY -> lost == null ? 0 : lost;
          case FULL ->
              Math.max(lost == null ? 0 : lost, checkpoint == null ? 0 : checkpoint.step());
        };
    Training training =
        new Training(
            start.attempt(),
            SimulatedNodes.of(start.slot()),
            start.work().assignment(),
            from,
            start.work().milestone());
    trainings.put(start.attempt(), training);
    nodes.occupy(training);
    begin(training, fleet.startDelay());
  }

  /** A stretch of training: up to a milestone, at one pace. */
  private void begin(Training training, double delay) {
    long stretch = stretches++;
    training.pace = 1;
    if (fleet.stragglerStd() > 0) {
      training.pace += Math.abs(new Chance(seed, "pace", stretch).normal()) * fleet.stragglerStd();
    }
    training.stretch++;
    double begins = timetable.now() + delay;
    if (fleet.drop() > 0) {
      double after = new Chance(seed, "drop", stretch).waiting(fleet.drop());
      timetable.add(begins + after, new Happening.Broken(training, training.stretch, false));
    }
    if (fleet.preempt() > 0) {
      double after = new Chance(seed, "preempt", stretch).waiting(fleet.preempt());
      timetable.add(begins + after, new Happening.Broken(training, training.stretch, true));
    }
    goOn(training, begins);
  }

  private void goOn(Training training, double from) {
    training.waits = false;
    training.course++;
    training.trainsSince = from;
    int trial = training.attempt.trial();
    OptionalLong point = task.next(training.assignment, trial, training.position);
    if (point.isEmpty()) {
      runOut(training, from);
      return;
    }
    long next = nextPoint(training, point.getAsLong());
    double duration =
        task.effort(training.assignment, trial, training.position, next).time() * training.pace;
    timetable.add(from + duration, new Happening.Trained(training, training.course, next));
  }

  /** There is no more of a curve: its training ends as it is known to, or nobody knows. */
  private void runOut(Training training, double at) {
    Optional<Cause> failure = task.failure(training.assignment, training.attempt.trial());
    timetable.add(
        at,
        failure.isPresent()
            ? new Happening.Stopped(training, training.course, failure.get())
            : new Happening.RanOut(training, training.course));
  }

  private void giveUp(Training training) {
    int trial = training.attempt.trial();
    unknown.add(
        new Unknown(
            task.recorded(training.assignment, trial), training.milestone, training.position));
    send.accept(new StudyCommand.StopTrial(trial, "its curve ends at " + training.position));
  }

  /** The next point that is reported; where a curve ends before it, the next that there is. */
  private long nextPoint(Training training, long point) {
    long wanted =
        switch (fleet.points()) {
          case EVERY -> point;
          case LEVELS -> levelUpTo(training, point);
          case MILESTONES -> training.milestone;
        };
    return wanted <= point
        ? point
        : task.next(training.assignment, training.attempt.trial(), wanted - 1).orElse(point);
  }

  /** The first level from a step on, at most the milestone. */
  private long levelUpTo(Training training, long from) {
    for (long level : study.bracketOf(training.attempt.trial()).ladder().levels()) {
      if (level >= from) {
        return Math.min(level, training.milestone);
      }
    }
    return training.milestone;
  }

  private void trained(Training training, long position) {
    long units = position - training.position;
    training.cost +=
        task.effort(training.assignment, training.attempt.trial(), training.position, position)
            .cost()
            .orElse(Double.NaN);
    training.position = position;
    spend(training, units);
    boolean mayPass = plan.rule().isStopping() && fleet.points() == Points.EVERY;
    if (position < (mayPass ? plan.resource().max() : training.milestone)) {
      goOn(training, timetable.now());
    } else {
      training.waits = true;
    }
    if (position > training.reported) {
      training.reported = position;
      report(training, saved(training), measured(training));
    }
  }

  private void spend(Training training, long units) {
    resource += units;
    if (watcher != Watcher.NONE) {
      long level = levelUpTo(training, training.position);
      watcher.trained(training.attempt.trial(), level, units, units * training.pace);
    }
  }

  private Entry.Point measured(Training training) {
    Map<String, Double> metrics =
        task.measure(training.assignment, training.attempt.trial(), training.position);
    Double value = metrics.get(plan.objective().name());
    if (value != null) {
      trajectory.add(timetable.now(), value);
    }
    points++;
    OptionalDouble cost =
        Double.isNaN(training.cost) ? OptionalDouble.empty() : OptionalDouble.of(training.cost);
    return new Entry.Point(training.position, metrics, cost, Optional.empty());
  }

  private static Entry.Saved saved(Training training) {
    return new Entry.Saved(
        new Entry.Checkpoint(training.position, "step-" + training.position, 0, ""));
  }

  private void report(Training training, Entry... entries) {
    StudyCommand report =
        new StudyCommand.Report(training.attempt, training.seq + 1, List.of(entries));
    training.seq += entries.length;
    if (fleet.reportDelay() > 0) {
      timetable.add(timetable.now() + fleet.reportDelay(), new Happening.Arrived(report));
    } else {
      send.accept(report);
    }
  }

  /** Tells a training what to do; what it heard before counts no more. */
  void tell(AttemptRef attempt, Order order) {
    Training training = trainings.get(attempt);
    if (training == null || training.over || order.number() <= training.order) {
      return;
    }
    training.order = order.number();
    switch (order.kind()) {
      case CONTINUE -> {
        training.milestone = order.milestone();
        if (training.waits) {
          goOnInPlace(training);
        }
      }
      case PAUSE, YIELD, STOP -> {
        training.course++;
        training.waits = false;
        Cause cause = order.kind() == Order.Kind.STOP ? Cause.STOPPED : Cause.PAUSED;
        if (fleet.stopDelay() > 0) {
          timetable.add(
              timetable.now() + fleet.stopDelay(),
              new Happening.Stopped(training, training.course, cause));
        } else {
          end(training, cause);
        }
      }
      case FENCED, LATE -> free(training);
    }
  }

  /** A promotion that keeps its slot; without checkpoints it trains what it has trained again. */
  private void goOnInPlace(Training training) {
    if (fleet.resume() != Resume.FULL) {
      training.position = 0;
    }
    begin(training, 0);
  }

  private void end(Training training, Cause cause) {
    free(training);
    report(training, new Entry.Ended(cause, ""));
  }

  private void broken(Training training, boolean saved) {
    keep(training);
    if (saved) {
      end(training, Cause.PREEMPTED);
    } else {
      free(training);
      send.accept(new StudyCommand.Lose(training.attempt, "its training was dropped"));
    }
  }

  /** What was trained since the last point, in whole units, is not trained again. */
  private void keep(Training training) {
    if (!training.waits) {
      long trained = (long) (Math.max(0, timetable.now() - training.trainsSince) / training.pace);
      training.position += trained;
      spend(training, trained);
    }
    if (fleet.resume() != Resume.NONE) {
      dropped.put(training.attempt.trial(), training.position);
    }
  }

  private void free(Training training) {
    training.over = true;
    trainings.remove(training.attempt);
    nodes.give(training.node, timetable.now());
  }

  /** A training is gone with its trainer. */
  void lose(Training training) {
    training.over = true;
    trainings.remove(training.attempt);
    keep(training);
    send.accept(new StudyCommand.Lose(training.attempt, "its trainer left"));
  }
}
