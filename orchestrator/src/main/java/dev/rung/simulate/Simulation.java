package dev.rung.simulate;

import dev.rung.fleet.Matcher;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyEffect;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyKernel;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyReply;
import dev.rung.study.StudyStatus;
import dev.rung.study.StudySummary;
import dev.rung.study.StudySummary.RungSummary;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * A study on a virtual clock. The kernel and the matcher are those of the cluster; trainers are
 * simulated. The same plan, task, fleet and seed give the same run.
 */
public final class Simulation {
  private final StudyPlan plan;
  private final FleetModel fleet;
  private final long seed;
  private final long unitMillis;

  private final StudyShell shell;
  private final Timetable timetable = new Timetable();
  private final SimulatedNodes nodes = new SimulatedNodes();
  private final Chance arrivals;
  private final SimulatedTrainers trainers;
  private Watcher watcher = Watcher.NONE;
  private long declinedAt = -1;
  private long foreseenAt = -1;
  private OptionalDouble firstCompleted = OptionalDouble.empty();
  private boolean excludes;
  private boolean looksAgain;
  private long decisions;

  /**
   * A run that has not begun.
   *
   * @param seed of all chance; the plan has its own, which is usually the same
   * @param unitMillis what the study takes a unit of time for, for its deadlines
   */
  public Simulation(StudyPlan plan, Task task, FleetModel fleet, long seed, long unitMillis) {
    this.plan = plan;
    this.fleet = fleet;
    this.seed = seed;
    this.unitMillis = unitMillis;
    Task seeded = task.seeded(seed);
    this.shell = new StudyShell(plan, of -> seeded.limit(of.searcher(), of.seed()), this::count);
    this.arrivals = new Chance(seed, "joins", 0);
    this.trainers =
        new SimulatedTrainers(
            plan, seeded, fleet, seed, shell.study(), timetable, nodes, this::send);
  }

  /** Lets somebody watch what is still to happen. */
  public Simulation watchedBy(Watcher other) {
    watcher = other;
    trainers.watchedBy(other);
    return this;
  }

  private void count(StudyEvent event) {
    if (event instanceof StudyEvent.Judged) {
      decisions++;
    } else if (event instanceof StudyEvent.NodeExcluded) {
      excludes = true;
    } else if (event instanceof StudyEvent.RungEntered entered
        && firstCompleted.isEmpty()
        && entered.step() >= plan.resource().max()) {
      firstCompleted = OptionalDouble.of(timetable.now());
    }
    watcher.happened(timetable.now(), event, shell.study());
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
        timetable.moveTo(horizon);
        break;
      }
      timetable.moveTo(next.time());
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
        timetable.now(),
        shell.study().trials().size(),
        completed,
        firstCompleted,
        rungs,
        nodes.utilisation(timetable.now()),
        trainers.resource(),
        trainers.points(),
        decisions,
        trainers.trajectory(),
        summary,
        nodes.there(timetable.now()),
        trainers.unknown());
  }

  private void due(long millis) {
    timetable.add((double) millis / unitMillis, new Happening.Due());
  }

  private void happen(Happening happening) {
    switch (happening) {
      case Happening.OfTraining own -> trainers.happen(own);
      case Happening.Arrived(StudyCommand command) -> send(command);
      case Happening.Joins joins -> {
        join();
        timetable.add(timetable.now() + arrivals.next(fleet.join()), new Happening.Joins());
      }
      case Happening.Leaves(int node) -> leave(node);
      case Happening.Due due -> {
        looksAgain = false;
        send(new StudyCommand.Tick());
      }
    }
  }

  private long now() {
    return Math.round(timetable.now() * unitMillis);
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
      taken.order().ifPresent(order -> trainers.tell(taken.attempt(), order));
    }
    for (StudyEffect effect : answer.effects()) {
      switch (effect) {
        case StudyEffect.Start start -> trainers.start(start);
        case StudyEffect.Tell tell -> trainers.tell(tell.attempt(), tell.order());
        case StudyEffect.Drop drop -> {
          // Simulated checkpoints take no room.
        }
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
    Matcher.Need need =
        new Matcher.Need("study", SimulatedNodes.KIND, demand, excluded, 0, 1, Map.of());
    List<Matcher.Match> matches =
        Matcher.match(nodes.offers(demand, excluded), List.of(need), Map.of());
    if (matches.isEmpty() && !looksAgain) {
      // Every free node is excluded, and none is for ever.
      looksAgain = true;
      timetable.add(timetable.now() + 1, new Happening.Due());
    }
    for (Matcher.Match match : matches) {
      int node = nodes.take(match.offer().slot(), timetable.now());
      if (send(new StudyCommand.Grant(match.offer().slot()))
          instanceof StudyReply.Declined(long event)) {
        declinedAt = event;
        nodes.give(node, timetable.now());
      }
    }
    return !matches.isEmpty();
  }

  private void join() {
    int node = nodes.join(timetable.now());
    if (fleet.leave() > 0) {
      double after = new Chance(seed, "leave", node).waiting(fleet.leave());
      timetable.add(timetable.now() + after, new Happening.Leaves(node));
    }
  }

  private void leave(int node) {
    Training training = nodes.leave(node, timetable.now());
    if (training != null) {
      trainers.lose(training);
    }
  }
}
