package dev.rung.study;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** A trial as the entries of its valid attempts show it, for the {@link Referee}. */
final class Runner {
  /** What it is doing. */
  enum Doing {
    SUGGESTED,
    RUNNING,
    PAUSED,
    WAITING,
    OVER
  }

  final int trial;
  Doing doing = Doing.SUGGESTED;
  String verdict = "";
  boolean yields;

  /** The node that it goes on best at; empty: none is better than the others. */
  String home = "";

  int rung;
  long milestone;
  private long start;
  private long step;
  private double bestLoss = Double.POSITIVE_INFINITY;
  private final Map<String, Double> known = new HashMap<>();
  private final List<Long> saved = new ArrayList<>();

  Runner(int trial) {
    this.trial = trial;
  }

  void start(int rung, long milestone) {
    doing = Doing.RUNNING;
    verdict = "";
    yields = false;
    start = resume(milestone);
    step = start;
    known.clear();
    this.rung = rung;
    this.milestone = milestone;
  }

  /** Only the step that it goes on from and the newest that is left still count. */
  void lose(StudyEvent.CheckpointLost e) {
    saved.clear();
    if (e.from() > 0) {
      saved.add(e.from());
    }
    e.left().filter(left -> left.step() > e.from()).ifPresent(left -> saved.add(left.step()));
  }

  /** The newest checkpoint from which a milestone is still ahead; 0: from scratch. */
  long resume(long milestone) {
    return saved.stream().filter(s -> s < milestone).reduce(0L, (older, newer) -> newer);
  }

  long step() {
    return step;
  }

  long spent() {
    return step - start;
  }

  long held() {
    return doing == Doing.RUNNING ? Math.max(milestone, step) - start : 0;
  }

  /** What is paid for already on the way to a milestone. */
  long reached(long to) {
    return doing == Doing.RUNNING ? start + held() : resume(to);
  }

  /** The value to be judged by, where the entry is the point that decides. */
  OptionalDouble take(StudyPlan plan, Entry entry) {
    if (entry instanceof Entry.Saved(Entry.Checkpoint checkpoint)) {
      saved.add(checkpoint.step());
    }
    if (!(entry instanceof Entry.Point point) || point.step() < step) {
      return OptionalDouble.empty();
    }
    if (point.step() > step) {
      known.clear();
    }
    step = point.step();
    known.putAll(point.metrics());
    if (!plan.objectives().stream().allMatch(o -> known.containsKey(o.name()))) {
      return OptionalDouble.empty();
    }
    double value = known.getOrDefault(plan.objective().name(), Double.NaN);
    boolean finite = Double.isFinite(value);
    bestLoss = finite ? Math.min(bestLoss, plan.objective().loss(value)) : bestLoss;
    if (!verdict.isEmpty() || step < milestone) {
      return OptionalDouble.empty();
    }
    boolean best = finite && plan.objective().take() == StudyPlan.Take.BEST;
    return OptionalDouble.of(best ? plan.objective().loss(bestLoss) : value);
  }
}
