package dev.rung.simulate;

import dev.rung.fleet.Matcher;
import dev.rung.searcher.Searcher;
import dev.rung.simulate.FleetModel.Points;
import dev.rung.simulate.FleetModel.Resume;
import dev.rung.study.AttemptRef;
import dev.rung.study.Cause;
import dev.rung.study.Entry;
import dev.rung.study.Order;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyEffect;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyKernel;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyReply;
import dev.rung.study.StudyStatus;
import dev.rung.study.StudySummary;
import dev.rung.study.StudySummary.RungSummary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A study on a virtual clock. The kernel and the matcher are those of the cluster; trainers are
 * simulated. The same plan, task, fleet and seed give the same run.
 */
public final class Simulation {
  private final StudyPlan plan;
  private final Task task;
  private final FleetModel fleet;
  private final long seed;
  private final long unitMillis;

  private final StudyShell shell;
  private final Timetable timetable = new Timetable();
  private final Map<AttemptRef, Training> trainings = new HashMap<>();

  /** Steps that a trial's weights have seen which lost its slot; gone once it is given another. */
  private final Map<Integer, Long> dropped = new HashMap<>();

  private final SimulatedNodes nodes = new SimulatedNodes();
  private final Chance arrivals;
  private final Trajectory trajectory;
  private Watcher watcher = Watcher.NONE;
  private double time;
  private long declinedAt = -1;
  private long foreseenAt = -1;
  private OptionalDouble firstCompleted = OptionalDouble.empty();
  private boolean excludes;
  private boolean looksAgain;
  private long stretches;
  private long resource;
  private long points;
  private long decisions;

  /**
   * A run that has not begun.
   *
   * @param seed of all chance; the plan has its own, which is usually the same
   * @param unitMillis what the study takes a unit of time for, for its deadlines
   */
  public Simulation(StudyPlan plan, Task task, FleetModel fleet, long seed, long unitMillis) {
    this.plan = plan;
    this.task = task.seeded(seed);
    this.fleet = fleet;
    this.seed = seed;
    this.unitMillis = unitMillis;
    this.shell = new StudyShell(plan, this::searcher, this::count);
    this.arrivals = new Chance(seed, "joins", 0);
    this.trajectory = new Trajectory(plan.objective());
  }

  /** Lets somebody watch what is still to happen. */
  public Simulation watchedBy(Watcher other) {
    watcher = other;
    return this;
  }

  private Searcher searcher(StudyPlan of) {
    return task.limit(of.searcher(), of.seed());
  }

  private void count(StudyEvent event) {
    if (event instanceof StudyEvent.Judged) {
      decisions++;
    } else if (event instanceof StudyEvent.NodeExcluded) {
      excludes = true;
    } else if (event instanceof StudyEvent.RungEntered entered
        && firstCompleted.isEmpty()
        && entered.step() >= plan.resource().max()) {
      firstCompleted = OptionalDouble.of(time);
    }
    watcher.happened(time, event, shell.study());
  }

  /**
   * Runs to the end of the study, or until a time.
   *
   * @param horizon in units of time
   */
  public SimulatedRun run(double horizon) {
    send(new StudyCommand.Create("simulated-" + seed, plan, ""));
    plan.budget().time().ifPresent(most -> due(most.toMillis()));
    plan.budget().deadline().ifPresent(this::due);
    for (int i = 0; i < fleet.trainers(); i++) {
      join();
    }
    timetable.add(arrivals.next(fleet.join()), new Happening.Joins());
    assign();
    while (shell.study().status() != StudyStatus.ENDED) {
      Timetable.Entry next = timetable.next();
      if (next == null) {
        break;
      }
      if (next.time() > horizon) {
        time = horizon;
        break;
      }
      time = next.time();
      happen(next.happening());
      assign();
    }
    return summary();
  }

  private SimulatedRun summary() {
    StudySummary summary = StudySummary.of(shell.study());
    List<RungSummary> rungs = summary.rungs();
    int completed = 0;
    for (int i = 0; i < rungs.size(); i++) {
      boolean isTop =
          i + 1 == rungs.size() || !rungs.get(i + 1).bracket().equals(rungs.get(i).bracket());
      completed += isTop ? rungs.get(i).entered() : 0;
    }
    return new SimulatedRun(
        seed,
        time,
        shell.study().trials().size(),
        completed,
        firstCompleted,
        rungs,
        nodes.utilisation(time),
        resource,
        points,
        decisions,
        trajectory,
        summary,
        nodes.there(time));
  }

  private void due(long millis) {
    timetable.add((double) millis / unitMillis, new Happening.Due());
  }

  private void happen(Happening happening) {
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
      case Happening.Broken(Training training, int course, boolean saved) -> {
        if (!training.over && training.stretch == course) {
          broken(training, saved);
        }
      }
      case Happening.Arrived(StudyCommand command) -> send(command);
      case Happening.Joins joins -> {
        join();
        timetable.add(time + arrivals.next(fleet.join()), new Happening.Joins());
      }
      case Happening.Leaves(int node) -> leave(node);
      case Happening.Due due -> {
        looksAgain = false;
        send(new StudyCommand.Tick());
      }
    }
  }

  private static boolean isOn(Training training, int course) {
    return !training.over && training.course == course;
  }

  private long now() {
    return Math.round(time * unitMillis);
  }

  /** Sends a command, and at once what the searcher answers to what the study then asks. */
  private StudyReply send(StudyCommand command) {
    StudyReply reply = deliver(command);
    for (Optional<StudyCommand> answer = shell.answer();
        answer.isPresent();
        answer = shell.answer()) {
      StudyReply unused = deliver(answer.get());
    }
    return reply;
  }

  private StudyReply deliver(StudyCommand command) {
    StudyShell.Answer answer = shell.send(command, now());
    if (answer.reply() instanceof StudyReply.Taken taken) {
      taken.order().ifPresent(order -> tell(taken.attempt(), order));
    }
    for (StudyEffect effect : answer.effects()) {
      switch (effect) {
        case StudyEffect.Start start -> start(start);
        case StudyEffect.Tell tell -> tell(tell.attempt(), tell.order());
        case StudyEffect.Ask ask ->
            throw new IllegalStateException("expected the shell to keep " + ask);
      }
    }
    return answer.reply();
  }

  /** As the dispatcher does: what the study could use now, then what it may ask for. */
  private void assign() {
    while (nodes.hasFree() && shell.study().status() == StudyStatus.RUNNING) {
      long newest = shell.study().lastNumber();
      int demand = declinedAt >= newest ? 0 : StudyKernel.demand(shell.study());
      if (demand > 0 && grant(demand)) {
        continue;
      }
      if (foreseenAt >= newest) {
        return;
      }
      foreseenAt = newest;
      send(new StudyCommand.Foresee(nodes.free()));
      if (shell.study().lastNumber() == newest) {
        return;
      }
    }
  }

  /** Gives slots to the study; whether it got any. */
  private boolean grant(int demand) {
    Set<String> excluded = excludes ? StudyKernel.excluded(shell.study(), now()) : Set.of();
    Matcher.Need need = new Matcher.Need("study", SimulatedNodes.KIND, demand, excluded);
    List<Matcher.Match> matches = Matcher.match(nodes.offers(demand, excluded), List.of(need));
    if (matches.isEmpty() && !looksAgain) {
      // Every free node is excluded, and none is for ever.
      looksAgain = true;
      timetable.add(time + 1, new Happening.Due());
    }
    for (Matcher.Match match : matches) {
      int node = nodes.take(match.offer().slot(), time);
      if (send(new StudyCommand.Grant(match.offer().slot()))
          instanceof StudyReply.Declined(long event)) {
        declinedAt = event;
        nodes.give(node, time);
      }
    }
    return !matches.isEmpty();
  }

  private void start(StudyEffect.Start start) {
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
    double begins = time + delay;
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
    OptionalLong point = task.next(trial, training.position);
    if (point.isEmpty()) {
      runOut(training, from);
      return;
    }
    long next = nextPoint(training, point.getAsLong());
    double duration = task.effort(trial, training.position, next).time() * training.pace;
    timetable.add(from + duration, new Happening.Trained(training, training.course, next));
  }

  /** There is no more of a curve: its training ends as it is known to, or nobody knows. */
  private void runOut(Training training, double at) {
    Optional<Cause> failure = task.failure(training.attempt.trial());
    timetable.add(
        at,
        failure.isPresent()
            ? new Happening.Stopped(training, training.course, failure.get())
            : new Happening.Arrived(
                new StudyCommand.StopTrial(
                    training.attempt.trial(), "its curve ends at " + training.position)));
  }

  private long nextPoint(Training training, long point) {
    return switch (fleet.points()) {
      case EVERY -> point;
      case LEVELS -> Math.max(point, levelUpTo(training, point));
      case MILESTONES -> Math.max(point, training.milestone);
    };
  }

  /** The first level from a step on, at most the milestone. */
  private long levelUpTo(Training training, long from) {
    for (long level : shell.study().bracketOf(training.attempt.trial()).ladder().levels()) {
      if (level >= from) {
        return Math.min(level, training.milestone);
      }
    }
    return training.milestone;
  }

  private void trained(Training training, long position) {
    long units = position - training.position;
    training.cost +=
        task.effort(training.attempt.trial(), training.position, position)
            .cost()
            .orElse(Double.NaN);
    training.position = position;
    spend(training, units);
    boolean mayPass = plan.rule().isStopping() && fleet.points() == Points.EVERY;
    if (position < (mayPass ? plan.resource().max() : training.milestone)) {
      goOn(training, time);
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
      trajectory.add(time, value);
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
      timetable.add(time + fleet.reportDelay(), new Happening.Arrived(report));
    } else {
      send(report);
    }
  }

  private void tell(AttemptRef attempt, Order order) {
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
      case PAUSE, STOP -> {
        training.course++;
        training.waits = false;
        Cause cause = order.kind() == Order.Kind.PAUSE ? Cause.PAUSED : Cause.STOPPED;
        if (fleet.stopDelay() > 0) {
          timetable.add(
              time + fleet.stopDelay(), new Happening.Stopped(training, training.course, cause));
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
      send(new StudyCommand.Lose(training.attempt, "its training was dropped"));
    }
  }

  /** What was trained since the last point, in whole units, is not trained again. */
  private void keep(Training training) {
    if (!training.waits) {
      long trained = (long) (Math.max(0, time - training.trainsSince) / training.pace);
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
    nodes.give(training.node, time);
  }

  private void join() {
    int node = nodes.join(time);
    if (fleet.leave() > 0) {
      double after = new Chance(seed, "leave", node).waiting(fleet.leave());
      timetable.add(time + after, new Happening.Leaves(node));
    }
  }

  private void leave(int node) {
    Training training = nodes.leave(node, time);
    if (training != null) {
      training.over = true;
      trainings.remove(training.attempt);
      keep(training);
      send(new StudyCommand.Lose(training.attempt, "its trainer left"));
    }
  }
}
