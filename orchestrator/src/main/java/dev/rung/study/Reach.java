package dev.rung.study;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which trials a slot will do for: those that need no more of the node than there is, and whose
 * checkpoint can be read there. One on a node's own disk ties its trial to that node for as long as
 * the node is there and the trial has patience; then it goes on anywhere without it.
 *
 * @param node of the slot; null: any slot will do
 * @param missed what the study has waited for too long
 * @param offer what the slot comes with; empty: whatever is needed
 */
record Reach(@Nullable String node, Missed missed, Optional<SlotOffer> offer) {
  /** Of any slot. */
  static final Reach ANYWHERE = new Reach(null, Missed.NOTHING, Optional.empty());

  /** Of a slot on a node on which no checkpoint is. */
  static Reach elsewhere(Missed missed) {
    return new Reach("", missed, Optional.empty());
  }

  /** Whether a trial that needs this may use the slot. */
  boolean fits(SlotRequest request) {
    return offer.isEmpty() || offer.get().satisfies(request);
  }

  /** Whether a trial that would go on from a checkpoint may use the slot. */
  boolean allows(int trial, Entry.@Nullable Checkpoint checkpoint) {
    return node == null || has(checkpoint) || missed.has(trial, checkpoint);
  }

  /** Whether a checkpoint can be read there, as far as is known; null: there is nothing to read. */
  boolean has(Entry.@Nullable Checkpoint checkpoint) {
    return node == null
        || checkpoint == null
        || checkpoint.node() == null
        || checkpoint.node().equals(node);
  }
}
