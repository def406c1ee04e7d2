package dev.rung.study;

/**
 * Slots that a study could use at once for trials that need the same.
 *
 * @param request what each of these trials needs
 * @param node that the trials are tied to, since a checkpoint is on its disk; empty: any
 * @param count of trials
 */
public record SlotGroup(SlotRequest request, String node, int count) {
  /** The most that a study tells of at once; what does not fit is told when there are fewer. */
  public static final int MOST = 64;

  /** Trials that any slot will do for. */
  public static SlotGroup anywhere(int count) {
    return new SlotGroup(SlotRequest.PLAIN, "", count);
  }

  /** Whether the trials are tied to a node. */
  public boolean isTied() {
    return !node.isEmpty();
  }

  /** The same for another number of trials. */
  public SlotGroup of(int other) {
    return new SlotGroup(request, node, other);
  }
}
