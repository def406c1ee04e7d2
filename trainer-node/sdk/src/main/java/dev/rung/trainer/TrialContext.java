package dev.rung.trainer;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One attempt of a trial as its trainer sees it. Used from the thread that {@link Trainer#train}
 * runs on. No fault of the network or the server is ever thrown out of these methods.
 */
public interface TrialContext {

  /** Slots of the node that the trial is in, for instance GPUs. */
  default int slots() {
    return 1;
  }

  /** Study id, "/", trial number. */
  String trial();

  /** Number of this attempt, from 1. */
  int attempt();

  /** The active hyper-parameters, typed as the study file declares them. */
  Values assignment();

  /**
   * A hyper-parameter that is a function of the step: {@code trial.schedule("lr").at(step)}. One
   * that is a number is the same at every step.
   *
   * @throws IllegalArgumentException it is absent or something else
   */
  default Schedule schedule(String name) {
    return assignment().getSchedule(name);
  }

  /** The study file's {@code trainer.config}. */
  Values config();

  /** The checkpoint to go on from; empty: start from scratch. */
  Optional<ResumePoint> resumeFrom();

  /** The step that training goes on after: that of {@link #resumeFrom()}, or 0. */
  default long startStep() {
    return resumeFrom().map(ResumePoint::step).orElse(0L);
  }

  /** The step at or past which the trial is judged next, in the study's unit. */
  long milestone();

  /** The largest step that the study trains to. */
  long maxResource();

  /** Seed of the trainer's own randomness: the same in every attempt of the trial. */
  long seed();

  /**
   * The metrics that the trial is judged by: the study's objectives, less those that come from
   * outside, and what its constraints bound.
   */
  List<String> objectives();

  /**
   * Whether a checkpoint should come before the report of this step: because the trial is judged at
   * it, or because the node drains and gives the attempt up at its next checkpoint.
   */
  default boolean checkpointDue(long step) {
    return step >= milestone();
  }

  /**
   * Stores a checkpoint taken at a step. It counts once it is written whole. A step that has one in
   * this attempt keeps it.
   *
   * @param step the step that training would go on after, from 1
   * @param writer writes the content
   * @throws IOException the checkpoint could not be stored
   * @throws IllegalArgumentException the step is not positive, lies before the last one or is above
   *     2^48
   */
  void checkpoint(long step, CheckpointWriter writer) throws IOException;

  /**
   * Reports metrics measured at a step. At a milestone, once every objective is reported, it waits
   * for the server's answer, at most as long as the study lets an attempt linger; elsewhere it
   * returns at once unless the window of unacknowledged reports is full. Metrics of one step may
   * come in several reports. After an answer that ends the attempt, reports may be dropped.
   *
   * @param step resource spent over the trial's whole life, from 1, not falling
   * @param metrics by name, at most 64; NaN and infinity are allowed
   * @return what to do now
   * @throws IllegalArgumentException the step is not positive, lies before the last one or is above
   *     2^48, there are too many metrics, or a name is not 1 to 128 characters
   */
  Directive report(long step, Map<String, Double> metrics);

  /**
   * As {@link #report(long, Map)}, and says what the attempt has cost so far: for {@code halving:
   * cost-aware} and budgets of cost. A context without a node keeps no cost.
   *
   * @param cost in a unit of your own, for instance money or seconds of a GPU; from 0, not falling
   * @throws IllegalArgumentException also if the cost is negative or no finite number
   */
  default Directive report(long step, Map<String, Double> metrics, double cost) {
    return report(step, metrics);
  }

  /**
   * Adds to the trial's own log, which {@code rung trial logs} shows. Returns at once and never
   * fails: lines are sent beside the metrics, and where they come faster than they can be sent the
   * oldest are dropped. May be called from any thread. A context without a node keeps nothing.
   *
   * @param text one line or several; a line is cut after 4,096 characters
   */
  default void log(String text) {}

  /** What to do now, without reporting. */
  Directive directive();
}
