package dev.rung.halving;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Nodes of which none dominates another, in rising order of their first loss and then of arrival.
 * With two objectives the second loss then falls, so that what dominates a node, and what it
 * dominates, are found by bisection.
 */
final class Front {
  private final EntryTable entries;
  private int[] members;
  private int size;
  private int open;

  /** Index among its rung's fronts. */
  int index;

  private @Nullable EpsilonNet net;
  private double cost = Double.NaN;

  Front(EntryTable entries, int[] nodes) {
    this.entries = entries;
    members = nodes.clone();
    size = nodes.length;
    open = countOpen(nodes);
  }

  int size() {
    return size;
  }

  int open() {
    return open;
  }

  void openChanged(int node) {
    open += entries.isOpen(node) ? 1 : -1;
  }

  /** What the members have cost together. */
  double cost() {
    if (Double.isNaN(cost)) {
      cost = 0;
      for (int i = 0; i < size; i++) {
        cost += entries.cost(members[i]);
      }
    }
    return cost;
  }

  /** The members, spread out. */
  EpsilonNet net() {
    EpsilonNet known = net;
    if (known == null) {
      known = new EpsilonNet(entries, Arrays.copyOf(members, size));
      net = known;
    }
    return known;
  }

  /** Whether a member dominates a node. */
  boolean dominates(int node) {
    // What dominates has no higher first loss.
    int end = firstAbove(entries.loss(node, 0));
    if (entries.objectives() == 2) {
      return end > 0 && entries.dominates(members[end - 1], node);
    }
    for (int i = 0; i < end; i++) {
      if (entries.dominates(members[i], node)) {
        return true;
      }
    }
    return false;
  }

  /**
   * The members that nodes dominate.
   *
   * @param nodes at least one: a new one that no member dominates, or some of the front before this
   *     one which a new one dominates; in the order of members
   */
  int[] dominatedBy(int[] nodes) {
    int start = firstFrom(entries.loss(nodes[0], 0));
    if (entries.objectives() == 2) {
      // One segment: within it all are dominated, and outside it none is.
      int end = firstBelow(start, entries.loss(nodes[nodes.length - 1], 1));
      boolean equals = start < end && entries.hasLossesOf(members[start], nodes[0]);
      return equals ? new int[0] : Arrays.copyOfRange(members, start, end);
    }
    int[] found = new int[size - start];
    int count = 0;
    for (int i = start; i < size; i++) {
      if (isDominated(members[i], nodes)) {
        found[count++] = members[i];
      }
    }
    return Arrays.copyOf(found, count);
  }

  /**
   * The members that only nodes dominated that have just left the front before this one.
   *
   * @param before what is left of the front before this one
   */
  int[] freedBy(int[] nodes, Front before) {
    int[] found = new int[size];
    int count = 0;
    for (int i = 0; i < size; i++) {
      if (isDominated(members[i], nodes) && !before.dominates(members[i])) {
        found[count++] = members[i];
      }
    }
    return Arrays.copyOf(found, count);
  }

  private boolean isDominated(int member, int[] by) {
    for (int node : by) {
      if (entries.dominates(node, member)) {
        return true;
      }
    }
    return false;
  }

  /** The earliest member with the losses of one. */
  int firstEqual(int node) {
    double loss = entries.loss(node, 0);
    for (int i = firstFrom(loss); entries.loss(members[i], 0) == loss; i++) {
      if (entries.hasLossesOf(members[i], node)) {
        return members[i];
      }
    }
    throw new IllegalStateException("expected node " + node + " in its front, but it is not there");
  }

  /** Takes members out, which are in their order here. */
  void removeAll(int[] nodes) {
    int gone = 0;
    for (int i = 0; i < size; i++) {
      if (gone < nodes.length && members[i] == nodes[gone]) {
        gone++;
      } else {
        members[i - gone] = members[i];
      }
    }
    size -= gone;
    open -= countOpen(nodes);
    changed();
  }

  /** Takes nodes in, which are in the order of members. */
  void addAll(int[] nodes) {
    if (size + nodes.length > members.length) {
      members = Arrays.copyOf(members, Math.max(size + nodes.length, size * 2));
    }
    int from = size - 1;
    int next = nodes.length - 1;
    for (int to = size + nodes.length - 1; next >= 0; to--) {
      boolean old = from >= 0 && before(nodes[next], members[from]);
      members[to] = old ? members[from--] : nodes[next--];
    }
    size += nodes.length;
    open += countOpen(nodes);
    changed();
  }

  private void changed() {
    net = null;
    cost = Double.NaN;
  }

  private boolean before(int a, int b) {
    int order = Double.compare(entries.loss(a, 0), entries.loss(b, 0));
    return order != 0 ? order < 0 : a < b;
  }

  private int countOpen(int[] nodes) {
    int count = 0;
    for (int node : nodes) {
      count += entries.isOpen(node) ? 1 : 0;
    }
    return count;
  }

  /** Index of the first member with a first loss of at least this. */
  private int firstFrom(double loss) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entries.loss(members[middle], 0) < loss) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** Index of the first member with a first loss of more than this. */
  private int firstAbove(double loss) {
    int low = 0;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entries.loss(members[middle], 0) <= loss) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /** With two objectives: index of the first member from one on with a second loss below this. */
  private int firstBelow(int start, double loss) {
    int low = start;
    int high = size;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (entries.loss(members[middle], 1) >= loss) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }
}
