package dev.rung.study;

import dev.rung.halving.Evidence;
import dev.rung.study.Runner.Doing;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Says from a study's inputs alone what it has to decide, by lists that are sorted each time. */
final class Referee {
  /** What the study has to decide, and what it did decide: equal after every command. */
  final List<Object> expected = new ArrayList<>();

  final List<Object> actual = new ArrayList<>();
  private final StudyPlan plan;
  private final Standings rungs;
  private final TreeMap<Integer, Runner> runners = new TreeMap<>();
  private List<Long> levels = List.of();
  private boolean open = true;
  private int toYield;
  private long spent;

  Referee(StudyPlan plan) {
    this.plan = plan;
    this.rungs = new Standings(plan);
  }

  record Next(Runner runner, int rung) {}

  void accept(StudyEvent event) {
    switch (event) {
      case StudyEvent.LadderSet e -> levels = e.levels();
      case StudyEvent.TrialSuggested e -> runners.put(e.trial(), new Runner(e.trial()));
      case StudyEvent.StudyPaused e -> open = false;
      case StudyEvent.StudyResumed e -> open = true;
      case StudyEvent.StudyStopping e -> {
        open = false;
        Stream<Runner> told = doing(Doing.RUNNING).filter(r -> e.now() && r.verdict.isEmpty());
        told.forEach(r -> r.verdict = "told");
      }
      case StudyEvent.TrialStopped e -> {
        Runner r = of(e.trial());
        r.verdict = "told";
        r.doing = r.doing == Doing.RUNNING ? r.doing : Doing.OVER;
      }
      case StudyEvent.TrialRetried e -> {
        of(e.trial()).doing = Doing.WAITING;
        rungs.removeFailure(of(e.trial()));
      }
      case StudyEvent.TrialsClosed e -> e.trials().forEach(c -> of(c.trial()).doing = Doing.OVER);
      case StudyEvent.CheckpointLost e -> of(e.trial()).lose(e);
      case StudyEvent.AttemptReleased e -> {
        of(e.attempt().trial()).doing = Doing.WAITING;
        of(e.attempt().trial()).home = "";
        toYield = Math.max(0, toYield - 1);
      }
      case StudyEvent.YieldAsked e -> toYield = e.slots();
      case StudyEvent.AttemptYielded e -> of(e.attempt().trial()).yields = true;
      case StudyEvent.AttemptLeased e -> {
        actual.add(List.of("lease", e.attempt().trial(), e.milestone(), e.startStep()));
        lease(next(null, e.slot().node()).orElseThrow());
        of(e.attempt().trial()).home = e.slot().node();
      }
      case StudyEvent.EntriesRecorded e -> {
        Runner r = of(e.attempt().trial());
        e.entries().forEach(entry -> r.take(plan, entry).ifPresent(value -> judge(r, value)));
      }
      case StudyEvent.AttemptEnded e -> end(of(e.attempt().trial()), e.cause(), e.next());
      case StudyEvent.RungEntered e ->
          actual.add(List.of("enter", e.trial(), e.fromRung(), e.toRung(), e.value()));
      case StudyEvent.TrialPromoted e -> actual.add(List.of("promote", e.trial(), e.evidence()));
      case StudyEvent.Judged e ->
          actual.add(List.of(e.verdict() + "", e.attempt().trial(), e.evidence(), e.milestone()));
      default -> {}
    }
  }

  private Runner of(int trial) {
    return runners.getOrDefault(trial, new Runner(trial));
  }

  private Stream<Runner> doing(Doing what) {
    return runners.values().stream().filter(r -> r.doing == what);
  }

  /** What a slot of a node is used for: a new one, or that in which a candidate waits. */
  Optional<Next> next(@Nullable Runner candidate, String node) {
    int parallel = plan.budget().parallel().orElse(Integer.MAX_VALUE);
    if (!open || (candidate == null && doing(Doing.RUNNING).count() >= parallel)) {
      return Optional.empty();
    }
    Optional<Next> next =
        doing(Doing.WAITING)
            .filter(r -> r.home.equals(node) && r.resume(levels.get(r.rung)) > 0)
            .findFirst()
            .or(() -> doing(Doing.WAITING).findFirst())
            .map(r -> new Next(r, r.rung));
    for (int k = levels.size() - 2; k >= 0 && next.isEmpty(); k--) {
      int rung = k;
      next =
          rungs
              .first(k, r -> r == candidate || (r.doing == Doing.PAUSED && r.rung == rung))
              .map(r -> new Next(r, rung + 1));
    }
    return next.or(() -> doing(Doing.SUGGESTED).findFirst().map(r -> new Next(r, 0)))
        .filter(this::isCovered);
  }

  private boolean isCovered(Next next) {
    long to = levels.get(next.rung());
    long from = next.runner().reached(to);
    long taken = spent + runners.values().stream().mapToLong(Runner::held).sum();
    return taken + to - from <= plan.budget().resource().orElse(Long.MAX_VALUE);
  }

  private void lease(Next next) {
    Runner r = next.runner();
    if (r.doing == Doing.PAUSED) {
      int rung = next.rung() - 1;
      expected.add(List.of("promote", r.trial, rungs.evidence(rung, levels.get(rung), r)));
      rungs.promote(rung, r);
    }
    long to = levels.get(next.rung());
    expected.add(List.of("lease", r.trial, to, r.resume(to)));
    r.start(next.rung(), to);
  }

  private void judge(Runner r, double value) {
    int rung = (int) levels.stream().filter(level -> level <= r.step()).count() - 1;
    enter(r, r.rung, rung, value);
    Evidence evidence = rungs.evidence(rung, levels.get(rung), r);
    boolean ends = !Double.isFinite(value) || rung == levels.size() - 1;
    long leaving = doing(Doing.RUNNING).filter(x -> x.yields || !x.verdict.isEmpty()).count();
    boolean mustYield = r.yields || toYield > leaving;
    boolean goesOn =
        !ends && !mustYield && next(r, r.home).filter(next -> next.runner() == r).isPresent();
    r.rung = rung;
    if (goesOn) {
      rungs.promote(rung, r);
      r.rung++;
      r.milestone = levels.get(r.rung);
    }
    r.verdict = goesOn ? "" : ends ? "STOP" : "PAUSE";
    String verdict = goesOn ? "CONTINUE" : r.verdict;
    expected.add(List.of(verdict, r.trial, evidence, goesOn ? r.milestone : 0));
  }

  private void enter(Runner r, int from, int to, double value) {
    expected.add(List.of("enter", r.trial, from, to, value));
    for (int k = from; k <= to; k++) {
      rungs.enter(k, r, value);
      if (k < to) {
        rungs.promote(k, r);
      }
    }
  }

  private void end(Runner r, Cause cause, TrialStatus next) {
    boolean fails = next == TrialStatus.FAILED || cause == Cause.DIVERGED;
    if (fails && !r.verdict.equals("PAUSE") && !r.verdict.equals("STOP")) {
      enter(r, r.rung, r.rung, Double.NaN);
    }
    boolean over = cause == Cause.COMPLETED || cause == Cause.INFEASIBLE;
    boolean pauses = r.verdict.equals("PAUSE") && !over;
    expected.add(pauses);
    actual.add(next == TrialStatus.PAUSED);
    spent += r.spent();
    boolean goesOnThere =
        cause == Cause.PAUSED || cause == Cause.LOST || cause == Cause.STOPPED || over;
    r.home = goesOnThere ? r.home : "";
    toYield = Math.max(0, toYield - 1);
    r.doing = pauses ? Doing.PAUSED : next == TrialStatus.WAITING ? Doing.WAITING : Doing.OVER;
    if (next == TrialStatus.INFEASIBLE) {
      rungs.remove(r);
    }
  }
}
