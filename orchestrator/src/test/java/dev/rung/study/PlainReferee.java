package dev.rung.study;

import dev.rung.halving.Evidence;
import dev.rung.halving.HalvingRules.Mode;
import dev.rung.study.StudyEvent.Verdict;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Recomputes every verdict of a study without a resource budget from what entered its rungs and how
 * its attempts ended. By the words of the rules (promotion: Li et al., MLSys 2020, algorithm 2) and
 * plain lists that are sorted anew each time; it knows nothing else of the code under test.
 */
final class PlainReferee {
  private record Line(int trial, double loss) {}

  private static final double WORST = Double.POSITIVE_INFINITY;

  /** Events that say something else than the rules. */
  final List<StudyEvent> wrong = new ArrayList<>();

  int verdicts;
  private final StudyPlan plan;
  private final List<List<Line>> rungs = new ArrayList<>();
  private final List<TreeSet<Integer>> promoted = new ArrayList<>();
  private final Map<Integer, Integer> paused = new TreeMap<>();
  private final TreeSet<Integer> waiting = new TreeSet<>();
  private List<Long> levels = List.of();
  private final Set<Integer> leaving = new TreeSet<>();
  private final Set<Integer> running = new TreeSet<>();
  private int toYield;
  private boolean open = true;

  PlainReferee(StudyPlan plan) {
    this.plan = plan;
  }

  void accept(StudyEvent event) {
    switch (event) {
      case StudyEvent.LadderSet e -> {
        levels = e.levels();
        levels.forEach(level -> rungs.add(new ArrayList<>()));
        levels.forEach(level -> promoted.add(new TreeSet<>()));
      }
      case StudyEvent.StudyPaused e -> open = false;
      case StudyEvent.StudyResumed e -> open = true;
      case StudyEvent.StudyStopping e -> {
        open = false;
        leaving.addAll(e.now() ? running : Set.of());
      }
      case StudyEvent.AttemptLeased e -> {
        waiting.remove(e.attempt().trial());
        running.add(e.attempt().trial());
      }
      case StudyEvent.AttemptReleased e -> {
        waiting.add(e.attempt().trial());
        leave(e.attempt().trial());
      }
      case StudyEvent.YieldAsked e -> toYield = e.slots();
      case StudyEvent.AttemptYielded e -> leaving.add(e.attempt().trial());
      case StudyEvent.RungEntered e -> enter(e);
      case StudyEvent.Judged e -> judge(e);
      case StudyEvent.TrialPromoted e -> {
        check(e, e.trial(), e.evidence(), open && waiting.isEmpty() && first(-1) == e.trial());
        promoted.get(e.evidence().rung()).add(e.trial());
        paused.remove(e.trial());
      }
      case StudyEvent.AttemptEnded e -> end(e.attempt().trial(), e.next());
      case StudyEvent.TrialStopped e -> {
        leaving.addAll(running.contains(e.trial()) ? Set.of(e.trial()) : Set.of());
        waiting.remove(e.trial());
        paused.remove(e.trial());
      }
      case StudyEvent.TrialRetried e -> {
        waiting.add(e.trial());
        rungs.forEach(rung -> rung.removeIf(l -> l.trial() == e.trial() && l.loss() == WORST));
      }
      case StudyEvent.TrialsClosed e -> e.trials().forEach(c -> paused.remove(c.trial()));
      default -> {}
    }
  }

  private void enter(StudyEvent.RungEntered e) {
    double loss = plan.objective().loss(e.value());
    for (int k = e.fromRung(); k <= e.toRung(); k++) {
      rungs.get(k).add(new Line(e.trial(), Double.isFinite(loss) ? loss : WORST));
      if (k < e.toRung()) {
        promoted.get(k).add(e.trial());
      }
    }
  }

  private void judge(StudyEvent.Judged e) {
    int trial = e.attempt().trial();
    int rung = top(trial);
    boolean stopping = mode() == Mode.STOPPING;
    boolean stops =
        !Double.isFinite(e.evidence().value())
            || rung == levels.size() - 1
            || (stopping && rank(rung, trial) >= quota(rung));
    boolean may = !stops && open && (stopping || (waiting.isEmpty() && first(trial) == trial));
    boolean yields = may && !stopping && (leaving.contains(trial) || toYield > leaving.size());
    boolean goesOn = may && !yields;
    Verdict verdict = stops ? Verdict.STOP : goesOn ? Verdict.CONTINUE : Verdict.PAUSE;
    long milestone = goesOn ? levels.get(rung + 1) : 0;
    check(
        e,
        trial,
        e.evidence(),
        e.verdict() == verdict && e.milestone() == milestone && e.yields().orElse(false) == yields);
    if (goesOn) {
      promoted.get(rung).add(trial);
    } else {
      leaving.add(trial);
    }
  }

  /** The slot is free: it is one that was to be given up, if any was. */
  private void leave(int trial) {
    running.remove(trial);
    leaving.remove(trial);
    toYield = Math.max(0, toYield - 1);
  }

  private void end(int trial, TrialStatus next) {
    leave(trial);
    if (next == TrialStatus.WAITING) {
      waiting.add(trial);
    } else if (next == TrialStatus.PAUSED) {
      paused.put(trial, top(trial));
    } else if (next == TrialStatus.INFEASIBLE) {
      rungs.forEach(rung -> rung.removeIf(line -> line.trial() == trial));
      promoted.forEach(rung -> rung.remove(trial));
    }
  }

  /** The highest rung that a trial has entered. */
  private int top(int trial) {
    int top = levels.size() - 1;
    while (rungs.get(top).stream().noneMatch(line -> line.trial() == trial)) {
      top--;
    }
    return top;
  }

  /** Best first; the sort is stable, so equal losses stay in order of arrival. */
  private List<Line> ranking(int rung) {
    return rungs.get(rung).stream().sorted(Comparator.comparingDouble(Line::loss)).toList();
  }

  private Mode mode() {
    return plan.algorithm().halving().equals("none")
        ? Mode.PROMOTION
        : plan.algorithm().mode().orElse(Mode.PROMOTION);
  }

  /** How many may go on. */
  private int quota(int rung) {
    List<Line> lines = ranking(rung);
    int n = lines.size();
    int eta = plan.algorithm().eta();
    if (plan.algorithm().halving().equals("none")) {
      return n;
    }
    return switch (mode()) {
      case PROMOTION -> n / eta;
      case STOPPING -> n < eta ? 1 : n / eta;
      case QUANTILE -> n < 2 ? 0 : within(lines, quantile(lines, rung));
    };
  }

  private static int within(List<Line> lines, double bound) {
    return (int) lines.stream().filter(line -> line.loss() <= bound).count();
  }

  /** As numpy.quantile; nothing lies between a number and a failure. */
  private double quantile(List<Line> lines, int rung) {
    double level = rung == levels.size() - 1 ? 1 : (double) levels.get(rung) / levels.get(rung + 1);
    double place = level * (lines.size() - 1);
    double low = lines.get((int) Math.floor(place)).loss();
    double high = lines.get((int) Math.ceil(place)).loss();
    return Double.isInfinite(high) ? low : low + (place - Math.floor(place)) * (high - low);
  }

  private int rank(int rung, int trial) {
    List<Line> lines = ranking(rung);
    int place = lines.stream().map(Line::trial).toList().indexOf(trial);
    double loss = lines.get(place).loss();
    return mode() == Mode.STOPPING
        ? (int) lines.stream().filter(line -> line.loss() < loss).count()
        : place;
  }

  /** The trial that a slot promotes, from the top down; a candidate waits in its slot; -1: none. */
  private int first(int candidate) {
    for (int k = levels.size() - 2; k >= 0; k--) {
      int quota = quota(k);
      boolean tooEarly = plan.algorithm().delayed() && promoted.get(k).size() >= quota;
      for (Line line : tooEarly ? List.<Line>of() : ranking(k)) {
        if (rank(k, line.trial()) >= quota) {
          continue;
        }
        boolean free = line.trial() == candidate || paused.getOrDefault(line.trial(), -1) == k;
        if (free && !promoted.get(k).contains(line.trial()) && Double.isFinite(line.loss())) {
          return line.trial();
        }
      }
    }
    return -1;
  }

  private void check(StudyEvent event, int trial, Evidence e, boolean right) {
    verdicts++;
    boolean stands =
        e.rank() == rank(e.rung(), trial)
            && e.n() == rungs.get(e.rung()).size()
            && e.cutoff() == quota(e.rung())
            && e.level() == levels.get(e.rung());
    if (!right || !stands) {
      wrong.add(event);
    }
  }
}
