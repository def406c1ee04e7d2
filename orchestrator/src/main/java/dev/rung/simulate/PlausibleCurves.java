package dev.rung.simulate;

import dev.rung.space.Assignment;
import dev.rung.space.KeyedRandom;
import dev.rung.space.SearchSpace;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyPlan.Constraint;
import dev.rung.study.StudyPlan.Goal;
import dev.rung.study.StudyPlan.Objective;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * Learning curves that are made up, for any study. For each metric an assignment has a loss at
 * which it ends, f, even in [0.1, 0.9], and a step h by which three quarters of the way are gone,
 * log-uniform in [R/81, R/27] with R the largest resource. After s steps the loss is
 *
 * <pre>f + (1 - f) / (1 + s/h)^2 + noise,   noise normal with deviation min(0.3, 0.02 sqrt(R/s))
 * </pre>
 *
 * so that low rungs agree with the end, but not entirely. A metric that is maximized shows 1 less
 * the loss. Where a metric has to keep a bound, three quarters of the assignments end within it.
 * Where an assignment lies in the space tells nothing about its loss, and no training diverges.
 */
public final class PlausibleCurves implements Task {
  private static final double LEAST = 0.1;
  private static final double MOST = 0.9;
  private static final double UPPER_QUARTILE = 0.7;
  private static final double LOWER_QUARTILE = 0.3;
  private static final double NOISE = 0.02;
  private static final double MOST_NOISE = 0.3;

  /** A loss as a study's metric: origin + scale * loss. */
  private record Shown(String metric, double origin, double scale) {}

  private final SearchSpace space;
  private final double most;
  private final List<Shown> metrics;
  private final long seed;

  /** Curves for a plan. */
  public PlausibleCurves(StudyPlan plan) {
    this(plan.space(), length(plan), metrics(plan), 0);
  }

  private PlausibleCurves(SearchSpace space, double most, List<Shown> metrics, long seed) {
    this.space = space;
    this.most = most;
    this.metrics = metrics;
    this.seed = seed;
  }

  /** Where nobody has said how long a training takes, a thousand times its first rung. */
  private static double length(StudyPlan plan) {
    return Endless.isEndless(plan) ? 1_000.0 * plan.resource().min() : plan.resource().max();
  }

  private static List<Shown> metrics(StudyPlan plan) {
    List<Shown> shown = new ArrayList<>();
    for (Objective objective : plan.objectives()) {
      shown.add(shown(objective.name(), Optional.of(objective.goal()), plan.limits()));
    }
    for (Constraint constraint : plan.limits()) {
      if (shown.stream().noneMatch(other -> other.metric().equals(constraint.metric()))) {
        shown.add(shown(constraint.metric(), Optional.empty(), plan.limits()));
      }
    }
    return List.copyOf(shown);
  }

  private static Shown shown(String metric, Optional<Goal> goal, List<Constraint> limits) {
    Optional<Constraint> limit =
        limits.stream().filter(constraint -> constraint.metric().equals(metric)).findFirst();
    boolean falls =
        goal.map(Goal.MINIMIZE::equals).orElseGet(() -> limit.orElseThrow().max().isPresent());
    int sign = falls ? 1 : -1;
    if (limit.isEmpty()) {
      return new Shown(metric, falls ? 0 : 1, sign);
    }
    boolean isMax = limit.get().max().isPresent() && (falls || limit.get().min().isEmpty());
    double bound = (isMax ? limit.get().max() : limit.get().min()).getAsDouble();
    double scale = sign * (bound == 0 ? 1 : Math.abs(bound));
    double quartile = isMax == falls ? UPPER_QUARTILE : LOWER_QUARTILE;
    return new Shown(metric, bound - scale * quartile, scale);
  }

  @Override
  public SearchSpace space() {
    return space;
  }

  @Override
  public Task seeded(long other) {
    return new PlausibleCurves(space, most, metrics, other);
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
    String setting = assignment.toString();
    Map<String, Double> measured = new HashMap<>();
    for (Shown shown : metrics) {
      double loss = loss(shown.metric(), setting, step);
      measured.put(shown.metric(), shown.origin() + shown.scale() * loss);
    }
    return measured;
  }

  private double loss(String metric, String setting, long step) {
    String key = metric + " of " + setting;
    KeyedRandom random = KeyedRandom.stream(seed, key, 0);
    double end = LEAST + (MOST - LEAST) * random.nextDouble();
    double pace = most / 81 * Math.pow(3, random.nextDouble());
    double left = 1 + step / pace;
    double deviation = Math.min(MOST_NOISE, NOISE * Math.sqrt(most / step));
    return end + (1 - end) / (left * left) + deviation * new Chance(seed, key, step).normal();
  }
}
