package dev.rung.study;

import dev.rung.halving.HalvingRules.Mode;
import dev.rung.space.Parameter;
import dev.rung.space.Parameter.FloatParameter;
import dev.rung.space.Parameter.IntParameter;
import dev.rung.space.SearchSpace;
import dev.rung.study.StudyPlan.Algorithm;
import dev.rung.study.StudyPlan.Budget;
import dev.rung.study.StudyPlan.Goal;
import dev.rung.study.StudyPlan.Objective;
import dev.rung.study.StudyPlan.Resource;
import dev.rung.study.StudyPlan.Take;
import dev.rung.study.StudyPlan.TrainerSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Plans for tests, by what matters to them. The first one minimises {@code loss} on the rungs 1, 3
 * and 9 with eta 3 and has no bound.
 */
public final class Plans {
  private final List<Objective> objectives = new ArrayList<>();
  private Goal goal = Goal.MINIMIZE;
  private Take take = Take.LAST;
  private String halving = "asha";
  private String search = "random";
  private List<Parameter> space =
      List.of(
          new FloatParameter("rate", 1e-4, 1, true, 0),
          new IntParameter("width", 16, 256, false, 16));
  private boolean delayed;
  private Optional<Mode> mode = Optional.empty();
  private Optional<Needs> needs = Optional.empty();
  private OptionalDouble money = OptionalDouble.empty();
  private OptionalInt priority = OptionalInt.empty();
  private OptionalInt weight = OptionalInt.empty();
  private Optional<Integer> brackets = Optional.empty();
  private int eta = 3;
  private long min = 1;
  private long max = 9;
  private long seed = 1;
  private OptionalInt trials = OptionalInt.empty();
  private OptionalInt parallel = OptionalInt.empty();
  private Optional<Duration> time = Optional.empty();
  private OptionalLong resource = OptionalLong.empty();
  private OptionalDouble target = OptionalDouble.empty();
  private OptionalDouble cost = OptionalDouble.empty();
  private OptionalInt noImprovement = OptionalInt.empty();
  private OptionalLong deadline = OptionalLong.empty();
  private final List<StudyPlan.Constraint> constraints = new ArrayList<>();

  /** Whether the referees know the rule, with one objective and no constraints. */
  public static boolean isRefereed(StudyPlan plan) {
    return Set.of("asha", "none").contains(plan.algorithm().halving())
        && plan.objectives().size() == 1
        && plan.limits().isEmpty();
  }

  /** A plan that is to be changed. */
  public static Plans plan() {
    return new Plans();
  }

  /** The first and the last level, and eta between. */
  public Plans levels(long first, long last, int factor) {
    min = first;
    max = last;
    eta = factor;
    return this;
  }

  /** More is better. */
  public Plans maximize() {
    goal = Goal.MAXIMIZE;
    return this;
  }

  /** The best value up to a rung enters it. */
  public Plans takeBest() {
    take = Take.BEST;
    return this;
  }

  /** A second objective, which does not decide. */
  public Plans also(String metric) {
    objectives.add(new Objective(metric, Goal.MINIMIZE, Take.LAST));
    return this;
  }

  /** A metric that comes from outside, as a second objective. */
  public Plans alsoFromOutside(String metric) {
    objectives.add(
        new Objective(metric, Goal.MINIMIZE, Take.LAST, Optional.of(StudyPlan.Source.EXTERNAL)));
    return this;
  }

  /** A metric has to be at most this. */
  public Plans atMost(String metric, double max) {
    constraints.add(
        new StudyPlan.Constraint(metric, OptionalDouble.empty(), OptionalDouble.of(max)));
    return this;
  }

  /** Cost of all attempts. */
  public Plans cost(double bound) {
    cost = OptionalDouble.of(bound);
    return this;
  }

  /** Trials that may end one after another without a better best. */
  public Plans noImprovement(int count) {
    noImprovement = OptionalInt.of(count);
    return this;
  }

  /** When it is over, in milliseconds since 1970. */
  public Plans deadline(long at) {
    deadline = OptionalLong.of(at);
    return this;
  }

  /** The name of the halving rule. */
  public Plans halving(String name) {
    halving = name;
    return this;
  }

  /** The name of the searcher. */
  public Plans search(String name) {
    search = name;
    return this;
  }

  /** What is searched; by default a real number and a whole one. */
  public Plans space(Parameter... parameters) {
    space = List.of(parameters);
    return this;
  }

  /** Most brackets. */
  public Plans brackets(int count) {
    brackets = Optional.of(count);
    return this;
  }

  /** Promotion is delayed. */
  public Plans delayed() {
    delayed = true;
    return this;
  }

  /** What happens to a trial at a rung. */
  public Plans mode(Mode value) {
    mode = Optional.of(value);
    return this;
  }

  /** Distinct assignments. */
  public Plans trials(int count) {
    trials = OptionalInt.of(count);
    return this;
  }

  /** Attempts at the same time. */
  public Plans parallel(int count) {
    parallel = OptionalInt.of(count);
    return this;
  }

  /** Time since the creation, in milliseconds. */
  public Plans millis(long millis) {
    time = Optional.of(Duration.ofMillis(millis));
    return this;
  }

  /** Resource of all attempts. */
  public Plans resource(long steps) {
    resource = OptionalLong.of(steps);
    return this;
  }

  /** A value that is good enough. */
  public Plans target(double value) {
    target = OptionalDouble.of(value);
    return this;
  }

  /** What the slots of its trials may cost. */
  public Plans money(double value) {
    money = OptionalDouble.of(value);
    return this;
  }

  /** What its trials need of a node. */
  public Plans needs(Needs value) {
    needs = Optional.of(value);
    return this;
  }

  /** The share that it has among studies of its priority. */
  public Plans weight(int value) {
    weight = OptionalInt.of(value);
    return this;
  }

  /** Its priority among studies. */
  public Plans priority(int value) {
    priority = OptionalInt.of(value);
    return this;
  }

  /** The seed of the study. */
  public Plans seed(long value) {
    seed = value;
    return this;
  }

  /** The plan. */
  public StudyPlan build() {
    List<Objective> all = new ArrayList<>(List.of(new Objective("loss", goal, take)));
    all.addAll(objectives);
    return new StudyPlan(
        "test",
        all,
        new Resource("epoch", min, max),
        new Budget(trials, parallel, time, resource, target, cost, noImprovement, deadline, money),
        new Algorithm(halving, search, eta, delayed, mode, brackets),
        new SearchSpace(space),
        new TrainerSpec("scripted", Map.of(), needs),
        seed,
        constraints.isEmpty() ? Optional.empty() : Optional.of(constraints),
        priority,
        Optional.empty(),
        weight);
  }
}
