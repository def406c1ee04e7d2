package dev.rung.study;

/**
 * Slots that a study could use at once for trials that need the same.
 *
 * @param request what each of these trials needs
 * @param node that they are tied to, since a checkpoint is on its disk, or that they would rather
 *     go on at, since it trained them last; empty: any is as good
 * @param tied whether no other node will do
 * @param count of trials
 */
public record SlotGroup(SlotRequest request, String node, boolean tied, int count) {
  /** The most that a study tells of at once; what does not fit is told when there are fewer. */
  public static final int MOST = 64;

  /** Trials that any slot will do for. */
  public static SlotGroup anywhere(int count) {
    return anywhere(SlotRequest.PLAIN, count);
  }

  /** Trials that any node will do for which has what they need. */
  public static SlotGroup anywhere(SlotRequest request, int count) {
    return new SlotGroup(request, "", false, count);
  }

  /** Trials whose checkpoint is on a node's disk. */
  public static SlotGroup tied(SlotRequest request, String node, int count) {
    return new SlotGroup(request, node, true, count);
  }

  /** Trials that would rather go on at a node than at another. */
  public static SlotGroup preferring(SlotRequest request, String node, int count) {
    return new SlotGroup(request, node, false, count);
  }

  /** Whether a node is better than the others. */
  public boolean prefers() {
    return !tied && !node.isEmpty();
  }

  /** The same for another number of trials. */
  public SlotGroup of(int other) {
    return new SlotGroup(request, node, tied, other);
  }

  /** The same trials where no node is better than the others. */
  public SlotGroup anywhere() {
    return anywhere(request, count);
  }
}
