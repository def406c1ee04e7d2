package dev.rung.study;

import dev.rung.space.Value;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a study says to the session of a trainer node. */
public sealed interface ToSession {

  /** The study, by its id. */
  String study();

  /** Start an attempt in the slot that it was leased. */
  record Start(String study, AttemptRef attempt, Slot slot, RunOrder order) implements ToSession {}

  /** A directive that does not answer a report. */
  record Tell(String study, AttemptRef attempt, Order order) implements ToSession {}

  /** The node is to delete a checkpoint. */
  record Drop(String study, String place) implements ToSession {}

  /** The answer to a command that the session sent. */
  record Answer(String study, StudyCommand command, StudyReply reply) implements ToSession {}

  /**
   * All that a trainer has to know of an attempt.
   *
   * @param assignment values by parameter, in the order of the space
   * @param milestone where it is judged next
   * @param resume the checkpoint to go on from; null: from scratch
   * @param seed of the trainer's own randomness
   * @param slots of the node that it is in
   * @param goOn whether it trains on at a milestone until it is told otherwise
   */
  record RunOrder(
      String kind,
      Map<String, Value> assignment,
      Map<String, Value> config,
      long milestone,
      long maxResource,
      Entry.@Nullable Checkpoint resume,
      long seed,
      List<String> objectives,
      String unit,
      int slots,
      boolean goOn) {
    /** Copies the collections; the assignment keeps its order. */
    public RunOrder {
      assignment = new LinkedHashMap<>(assignment);
      config = Map.copyOf(config);
      objectives = List.copyOf(objectives);
    }
  }
}
