package dev.rung.study;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a study has waited for too long, as its actor knows it: in memory only, so that waiting
 * begins afresh where nobody was there to watch.
 *
 * @param gone nodes that were not heard of for too long
 * @param waited trials that have waited too long for a slot of the node that keeps their checkpoint
 */
public record Missed(Set<String> gone, Set<Integer> waited) {
  /** Nothing. */
  public static final Missed NOTHING = new Missed(Set.of(), Set.of());

  /** Copies the sets. */
  public Missed {
    gone = Set.copyOf(gone);
    waited = Set.copyOf(waited);
  }

  /** Nodes alone. */
  public static Missed nodes(Set<String> gone) {
    return new Missed(gone, Set.of());
  }

  /** Whether a trial goes on without a checkpoint that is on a node's disk. */
  boolean has(int trial, Entry.@Nullable Checkpoint checkpoint) {
    return checkpoint != null
        && checkpoint.node() != null
        && (gone.contains(checkpoint.node()) || waited.contains(trial));
  }

  /** Why a checkpoint is given up that is on a node's disk. */
  String reason(String node) {
    return gone.contains(node)
        ? "node %s is gone".formatted(node)
        : "node %s had no free slot for too long".formatted(node);
  }
}
