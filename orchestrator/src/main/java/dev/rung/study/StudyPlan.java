package dev.rung.study;

import dev.rung.halving.HalvingRule;
import dev.rung.halving.HalvingRules;
import dev.rung.searcher.External;
import dev.rung.searcher.Searcher;
import dev.rung.searcher.Searchers;
import dev.rung.space.Assignment;
import dev.rung.space.SearchSpace;
import dev.rung.space.Value;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * What a study is to do, as its file says.
 *
 * @param name for people; not unique
 * @param objectives what trials are ranked by, at least one; the first decides
 * @param resource what training costs
 * @param budget when the study ends
 * @param algorithm how it searches and halves
 * @param space what it searches
 * @param trainer what trains its trials
 * @param seed of all its randomness
 * @param constraints that metrics have to meet; empty: none
 * @param priority of the study among others; empty: 0
 * @param enqueued what the first trials begin with; empty: nothing
 * @param weight of the study's share among those of its priority; empty: 1
 */
public record StudyPlan(
    String name,
    List<Objective> objectives,
    Resource resource,
    Budget budget,
    Algorithm algorithm,
    SearchSpace space,
    TrainerSpec trainer,
    long seed,
    Optional<List<Constraint>> constraints,
    OptionalInt priority,
    Optional<List<Assignment>> enqueued,
    OptionalInt weight) {

  /** A plan without constraints, of ordinary priority. */
  public StudyPlan(
      String name,
      List<Objective> objectives,
      Resource resource,
      Budget budget,
      Algorithm algorithm,
      SearchSpace space,
      TrainerSpec trainer,
      long seed) {
    this(
        name,
        objectives,
        resource,
        budget,
        algorithm,
        space,
        trainer,
        seed,
        Optional.empty(),
        OptionalInt.empty(),
        Optional.empty(),
        OptionalInt.empty());
  }

  /** Copies the objectives and constraints. */
  public StudyPlan {
    objectives = List.copyOf(objectives);
    constraints = constraints.map(List::copyOf);
    enqueued = enqueued.map(List::copyOf);
  }

  /** What the first trials begin with, in their order. */
  public List<Assignment> first() {
    return enqueued.orElse(List.of());
  }

  /** The constraints that a trial has to meet; most studies have none. */
  public List<Constraint> limits() {
    return constraints.orElse(List.of());
  }

  /** Whether a score comes from outside after the training. */
  public boolean isScoredLater() {
    return objectives.stream().anyMatch(Objective::isExternal);
  }

  /** The same plan with another budget. */
  public StudyPlan within(Budget other) {
    return new StudyPlan(
        name,
        objectives,
        resource,
        other,
        algorithm,
        space,
        trainer,
        seed,
        constraints,
        priority,
        enqueued,
        weight);
  }

  /** The same plan with all that another has and that may change while a study lives. */
  public StudyPlan withChangeableOf(StudyPlan other) {
    return new StudyPlan(
        name,
        objectives,
        new Resource(resource.unit(), resource.min(), other.resource.max()),
        other.budget,
        algorithm.with(other.algorithm.eta()),
        other.space,
        trainer,
        seed,
        constraints,
        other.priority,
        enqueued,
        other.weight);
  }

  /** The same plan with another seed. */
  public StudyPlan seeded(long other) {
    return new StudyPlan(
        name,
        objectives,
        resource,
        budget,
        algorithm,
        space,
        trainer,
        other,
        constraints,
        priority,
        enqueued,
        weight);
  }

  /** The same plan that searches another space. */
  public StudyPlan over(SearchSpace other) {
    return new StudyPlan(
        name,
        objectives,
        resource,
        budget,
        algorithm,
        other,
        trainer,
        seed,
        constraints,
        priority,
        enqueued,
        weight);
  }

  /** The same plan with something else that its first trials begin with. */
  public StudyPlan beginningWith(List<Assignment> first) {
    return new StudyPlan(
        name,
        objectives,
        resource,
        budget,
        algorithm,
        space,
        trainer,
        seed,
        constraints,
        priority,
        first.isEmpty() ? Optional.empty() : Optional.of(first),
        weight);
  }

  /** The objective that decides. */
  public Objective objective() {
    return objectives.get(0);
  }

  /** The halving rule that the algorithm names. */
  public HalvingRule rule() {
    return HalvingRules.of(
        algorithm.halving(),
        new HalvingRules.Settings(
            algorithm.mode().orElse(HalvingRules.Mode.PROMOTION),
            algorithm.eta(),
            algorithm.delayed(),
            resource.max(),
            algorithm.brackets(),
            budget.trials().orElse(Integer.MAX_VALUE),
            seed));
  }

  /** The searcher that the algorithm names. */
  public Searcher searcher() {
    return Searchers.of(
        algorithm.search(), space, new Searchers.Settings(seed, algorithm.eta(), points()));
  }

  /** Whether a program outside proposes its assignments. */
  public boolean isSearchedOutside() {
    return algorithm.search().equals(External.NAME);
  }

  private OptionalInt points() {
    return algorithm.points().map(OptionalInt::of).orElse(OptionalInt.empty());
  }

  /** Whether its searcher wants to know how trials do. */
  public boolean searchLearns() {
    return Searchers.learns(algorithm.search());
  }

  /** Whether more or less of an objective is better. */
  public enum Goal {
    /** More is better. */
    MAXIMIZE,
    /** Less is better. */
    MINIMIZE
  }

  /** Which value of a trial enters a rung. */
  public enum Take {
    /** The one at the judged point. */
    LAST,
    /** The best up to the judged point. */
    BEST
  }

  /** Where a metric comes from. */
  public enum Source {
    /** From the trainer's points. */
    TRAINER,
    /** From a person or a program, after the training and at any time. */
    EXTERNAL
  }

  /**
   * Bounds that a metric has to keep.
   *
   * @param min empty: none
   * @param max empty: none
   */
  public record Constraint(String metric, OptionalDouble min, OptionalDouble max) {

    /**
     * By how much a value misses the bounds: in parts of the bound, so that units do not matter,
     * and as it is where the bound is 0. Infinite for a value that is not finite.
     */
    public double violation(double value) {
      if (!Double.isFinite(value)) {
        return Double.POSITIVE_INFINITY;
      }
      double below = min.isPresent() ? relative(min.getAsDouble() - value, min.getAsDouble()) : 0;
      double above = max.isPresent() ? relative(value - max.getAsDouble(), max.getAsDouble()) : 0;
      return below + above;
    }

    private static double relative(double excess, double bound) {
      return excess <= 0 ? 0 : bound == 0 ? excess : excess / Math.abs(bound);
    }
  }

  /** A metric that trials are ranked by. */
  public record Objective(String name, Goal goal, Take take, Optional<Source> source) {

    /** A metric that trainers send. */
    public Objective(String name, Goal goal, Take take) {
      this(name, goal, take, Optional.empty());
    }

    /** Whether it comes from outside after the training. */
    public boolean isExternal() {
      return source.isPresent() && source.get() == Source.EXTERNAL;
    }

    /** The value with its sign turned where more is better, so that less is always better. */
    public double loss(double value) {
      return switch (goal) {
        case MAXIMIZE -> 0.0 - value; // and not -0.0 for 0
        case MINIMIZE -> value;
      };
    }
  }

  /**
   * What training costs.
   *
   * @param unit one step, for instance "epoch"
   * @param min level of the first rung, from 1
   * @param max level of the top rung, at least min
   */
  public record Resource(String unit, long min, long max) {}

  /**
   * When a study ends; what is empty sets no bound.
   *
   * @param trials distinct assignments
   * @param parallel attempts at the same time
   * @param time since the study was created
   * @param resource of all attempts together, in the study's unit
   * @param target value of the first objective that is good enough
   * @param cost of all attempts together, in the trainers' own unit
   * @param noImprovement trials that may end one after another without a better best
   * @param deadline when it is over, in milliseconds since 1970
   */
  public record Budget(
      OptionalInt trials,
      OptionalInt parallel,
      Optional<Duration> time,
      OptionalLong resource,
      OptionalDouble target,
      OptionalDouble cost,
      OptionalInt noImprovement,
      OptionalLong deadline) {

    /** A budget without the bounds that few studies have. */
    public Budget(
        OptionalInt trials,
        OptionalInt parallel,
        Optional<Duration> time,
        OptionalLong resource,
        OptionalDouble target) {
      this(
          trials,
          parallel,
          time,
          resource,
          target,
          OptionalDouble.empty(),
          OptionalInt.empty(),
          OptionalLong.empty());
    }
  }

  /**
   * How a study searches and halves.
   *
   * @param halving name of a halving rule
   * @param search name of a searcher
   * @param eta reduction factor, at least 2
   * @param delayed whether promotion is delayed
   * @param mode what happens to a trial at a rung; empty in studies of before there were several:
   *     promotion
   * @param brackets most brackets; empty: as many as the rule makes
   * @param points coordinates that a grid has of a parameter with more values; empty: all values
   */
  public record Algorithm(
      String halving,
      String search,
      int eta,
      boolean delayed,
      Optional<HalvingRules.Mode> mode,
      Optional<Integer> brackets,
      Optional<Integer> points) {

    /** The same algorithm with another eta. */
    Algorithm with(int otherEta) {
      return new Algorithm(halving, search, otherEta, delayed, mode, brackets, points);
    }

    /** An algorithm without a grid. */
    public Algorithm(
        String halving,
        String search,
        int eta,
        boolean delayed,
        Optional<HalvingRules.Mode> mode,
        Optional<Integer> brackets) {
      this(halving, search, eta, delayed, mode, brackets, Optional.empty());
    }
  }

  /**
   * What trains the trials.
   *
   * @param kind of trainer that a node must have
   * @param config handed to the trainer as it is
   * @param needs what trials need of the node; empty: one slot
   */
  public record TrainerSpec(String kind, Map<String, Value> config, Optional<Needs> needs) {
    /** Copies the config. */
    public TrainerSpec {
      config = Map.copyOf(config);
    }

    /** Of trials that any slot of a node will do for. */
    public TrainerSpec(String kind, Map<String, Value> config) {
      this(kind, config, Optional.empty());
    }
  }
}
