package dev.rung.study;

import org.jspecify.annotations.Nullable;

/** The nodes at which trials go on best: their data is near there, and their checkpoint cached. */
final class Homes {
  private Homes() {}

  /**
   * The node that trained a trial last; empty: none is better than the others.
   *
   * @param resume the checkpoint to go on from; null: from scratch
   */
  static String of(Trial trial, Entry.@Nullable Checkpoint resume) {
    Attempt last = trial.lastAttempt();
    if (resume == null || last.isReleased() || last.cause() == null) {
      return "";
    }
    return switch (last.cause()) {
      // One that failed there, or was turned away, is as well off elsewhere.
      case PREEMPTED, OUT_OF_MEMORY, DIVERGED, INFEASIBLE, NO_METRICS, USER_ERROR, BAD_CHECKPOINT ->
          "";
      case COMPLETED, PAUSED, STOPPED, LOST -> last.slot().node();
    };
  }

  /**
   * What slots will do for a trial.
   *
   * @param resume the checkpoint to go on from; null: from scratch
   * @param last the node that trained it last; empty: none is better than the others
   * @param tied whether it cannot go on without the checkpoint
   */
  static SlotGroup group(
      SlotRequest request,
      Entry.@Nullable Checkpoint resume,
      String last,
      boolean tied,
      Missed missed) {
    String disk = resume == null || resume.node() == null ? "" : resume.node();
    if (tied) {
      return SlotGroup.tied(request, disk, 1);
    }
    String best = disk.isEmpty() ? last : disk;
    // The dispatcher has no slot of a loop to wait for.
    return missed.gone().contains(best) || LoopNode.is(best)
        ? SlotGroup.anywhere(request, 1)
        : SlotGroup.preferring(request, best, 1);
  }
}
