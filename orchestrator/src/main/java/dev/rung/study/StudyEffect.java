package dev.rung.study;

import dev.rung.space.Assignment;
import org.jspecify.annotations.Nullable;

/** What is to be done outside once a command's events are durable. Each may be done twice. */
public sealed interface StudyEffect {

  /** Start an attempt in its slot. */
  record Start(AttemptRef attempt, Slot slot, Work work) implements StudyEffect {}

  /** Tell a running attempt what to do. */
  record Tell(String node, AttemptRef attempt, Order order) implements StudyEffect {}

  /**
   * Let a node delete a checkpoint that nothing needs any more.
   *
   * @param any whether any other node may do it as well
   */
  record Drop(String node, boolean any, String place) implements StudyEffect {}

  /** Ask the searcher for a trial's assignment. */
  record Ask(int trial, long basis) implements StudyEffect {}

  /**
   * What an attempt is to train.
   *
   * @param milestone where it is judged next
   * @param resume the checkpoint to go on from; null: from scratch
   */
  record Work(Assignment assignment, long milestone, Entry.@Nullable Checkpoint resume) {}
}
