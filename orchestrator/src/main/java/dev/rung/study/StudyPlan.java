package dev.rung.study;

import dev.rung.halving.HalvingRule;
import dev.rung.halving.HalvingRules;
import dev.rung.searcher.Searcher;
import dev.rung.searcher.Searchers;
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
 */
public record StudyPlan(
    String name,
    List<Objective> objectives,
    Resource resource,
    Budget budget,
    Algorithm algorithm,
    SearchSpace space,
    TrainerSpec trainer,
    long seed) {

  /** Copies the objectives. */
  public StudyPlan {
    objectives = List.copyOf(objectives);
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
            seed));
  }

  /** The searcher that the algorithm names. */
  public Searcher searcher() {
    return Searchers.of(algorithm.search(), space, seed);
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

  /** A metric that trials are ranked by. */
  public record Objective(String name, Goal goal, Take take) {

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
   */
  public record Budget(
      OptionalInt trials,
      OptionalInt parallel,
      Optional<Duration> time,
      OptionalLong resource,
      OptionalDouble target) {}

  /**
   * How a study searches and halves.
   *
   * @param halving name of a halving rule
   * @param search name of a searcher
   * @param eta reduction factor, at least 2
   * @param delayed whether promotion is delayed
   * @param mode what happens to a trial at a rung; empty in studies of before there were several:
   *     promotion
   */
  public record Algorithm(
      String halving, String search, int eta, boolean delayed, Optional<HalvingRules.Mode> mode) {}

  /**
   * What trains the trials.
   *
   * @param kind of trainer that a node must have
   * @param config handed to the trainer as it is
   */
  public record TrainerSpec(String kind, Map<String, Value> config) {
    /** Copies the config. */
    public TrainerSpec {
      config = Map.copyOf(config);
    }
  }
}
