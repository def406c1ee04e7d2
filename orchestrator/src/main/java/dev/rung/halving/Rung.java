package dev.rung.halving;

import dev.rung.space.KeyedRandom;
import java.util.Arrays;

/**
 * The entries of one rung in order, best first: by loss, entries of equal loss in order of arrival,
 * values that are not finite last. An order-statistic tree (a treap over arrays, whose priorities
 * are a hash of the arrival number, so that the same insertions give the same tree): every
 * operation takes O(log n).
 *
 * <p>An entry is <em>promoted</em> once its trial went on to the next rung, and <em>open</em> while
 * its trial is paused here without an attempt, so that it may go on elsewhere.
 */
public final class Rung implements RungView {
  private static final int NONE = -1;

  // Columns by node; a node's index is its arrival number.
  private double[] loss = new double[4];
  private int[] trial = new int[4];
  private int[] left = new int[4];
  private int[] right = new int[4];
  private int[] size = new int[4];
  private int[] openBelow = new int[4];
  private boolean[] open = new boolean[4];
  private boolean[] promoted = new boolean[4];
  private boolean[] merited = new boolean[4];
  private int arrivals;

  private int root = NONE;
  private int promotions;
  private int earned;
  private int[] nodeOfTrial = new int[0];

  /**
   * Adds an entry, not promoted and not open.
   *
   * @param trial the trial's number, from 0; at most one entry each
   * @param loss lower is better; anything not finite counts as the worst
   */
  public void insert(int trial, double loss) {
    if (contains(trial)) {
      throw new IllegalStateException(
          "expected one entry of trial " + trial + ", but came a second");
    }
    int node = append(trial, Double.isFinite(loss) ? loss + 0.0 : Double.POSITIVE_INFINITY);
    root = insert(root, node);
  }

  /** Takes a trial's entry out; without one nothing happens. */
  public void remove(int trial) {
    if (!contains(trial)) {
      return;
    }
    int node = nodeOfTrial[trial];
    promotions -= promoted[node] ? 1 : 0;
    earned -= merited[node] ? 1 : 0;
    root = remove(root, node);
    nodeOfTrial[trial] = NONE;
  }

  /** Marks a trial's entry as promoted since it was among the best, which closes it too. */
  public void promote(int trial) {
    promote(trial, true);
  }

  /**
   * Marks a trial's entry as promoted, which closes it too.
   *
   * @param merit whether it was among the best; false: it went on whatever its rank
   */
  public void promote(int trial, boolean merit) {
    setOpen(trial, false);
    int node = node(trial);
    if (!promoted[node]) {
      promoted[node] = true;
      merited[node] = merit;
      promotions++;
      earned += merit ? 1 : 0;
    }
  }

  /** Opens or closes a trial's entry. */
  public void setOpen(int trial, boolean value) {
    int target = node(trial);
    if (open[target] == value) {
      return;
    }
    open[target] = value;
    int change = value ? 1 : -1;
    int node = root;
    while (true) {
      openBelow[node] += change;
      if (node == target) {
        return;
      }
      node = before(target, node) ? left[node] : right[node];
    }
  }

  @Override
  public int size() {
    return size(root);
  }

  @Override
  public int promotions() {
    return promotions;
  }

  @Override
  public int earned() {
    return earned;
  }

  @Override
  public boolean hasEarned(int trial) {
    return merited[node(trial)];
  }

  @Override
  public boolean contains(int trial) {
    return trial < nodeOfTrial.length && nodeOfTrial[trial] != NONE;
  }

  @Override
  public boolean isPromoted(int trial) {
    return promoted[node(trial)];
  }

  @Override
  public boolean isOpen(int trial) {
    return open[node(trial)];
  }

  @Override
  public double loss(int trial) {
    return loss[node(trial)];
  }

  @Override
  public int rank(int trial) {
    int target = node(trial);
    int rank = 0;
    int node = root;
    while (node != target) {
      if (before(target, node)) {
        node = left[node];
      } else {
        rank += size(left[node]) + 1;
        node = right[node];
      }
    }
    return rank + size(left[node]);
  }

  @Override
  public int firstOpen() {
    return openBelow(root) == 0 ? NONE : openAt(0);
  }

  @Override
  public int openAt(int index) {
    int node = root;
    int rest = index;
    while (true) {
      int openLeft = openBelow(left[node]);
      if (rest < openLeft) {
        node = left[node];
      } else if (rest == openLeft && open[node]) {
        return trial[node];
      } else {
        rest -= openLeft + (open[node] ? 1 : 0);
        node = right[node];
      }
    }
  }

  @Override
  public int openAmongFirst(int count) {
    int node = root;
    int rest = count;
    int found = 0;
    while (node != NONE && rest > 0) {
      int leftSize = size(left[node]);
      if (rest <= leftSize) {
        node = left[node];
      } else {
        found += openBelow(left[node]) + (open[node] ? 1 : 0);
        rest -= leftSize + 1;
        node = right[node];
      }
    }
    return found;
  }

  @Override
  public int countBelow(double loss) {
    return count(loss, false);
  }

  @Override
  public int countUpTo(double loss) {
    return count(loss, true);
  }

  private int count(double bound, boolean inclusive) {
    int count = 0;
    int node = root;
    while (node != NONE) {
      boolean counts = inclusive ? loss[node] <= bound : loss[node] < bound;
      if (counts) {
        count += size(left[node]) + 1;
        node = right[node];
      } else {
        node = left[node];
      }
    }
    return count;
  }

  @Override
  public int trialAt(int rank) {
    int node = root;
    int rest = rank;
    while (true) {
      int leftSize = size(left[node]);
      if (rest < leftSize) {
        node = left[node];
      } else if (rest == leftSize) {
        return trial[node];
      } else {
        rest -= leftSize + 1;
        node = right[node];
      }
    }
  }

  /**
   * Trials with an entry, in order of arrival: inserting them again in this order gives this rung.
   */
  public int[] trialsByArrival() {
    int[] result = new int[size()];
    int n = 0;
    for (int node = 0; node < arrivals; node++) {
      if (contains(trial[node]) && nodeOfTrial[trial[node]] == node) {
        result[n++] = trial[node];
      }
    }
    return result;
  }

  private int append(int trialNumber, double value) {
    int node = arrivals++;
    if (node == loss.length) {
      int capacity = node * 2;
      loss = Arrays.copyOf(loss, capacity);
      trial = Arrays.copyOf(trial, capacity);
      left = Arrays.copyOf(left, capacity);
      right = Arrays.copyOf(right, capacity);
      size = Arrays.copyOf(size, capacity);
      openBelow = Arrays.copyOf(openBelow, capacity);
      open = Arrays.copyOf(open, capacity);
      promoted = Arrays.copyOf(promoted, capacity);
      merited = Arrays.copyOf(merited, capacity);
    }
    loss[node] = value;
    trial[node] = trialNumber;
    left[node] = NONE;
    right[node] = NONE;
    size[node] = 1;
    if (trialNumber >= nodeOfTrial.length) {
      int from = nodeOfTrial.length;
      nodeOfTrial = Arrays.copyOf(nodeOfTrial, Math.max(trialNumber + 1, from * 2));
      Arrays.fill(nodeOfTrial, from, nodeOfTrial.length, NONE);
    }
    nodeOfTrial[trialNumber] = node;
    return node;
  }

  private int insert(int tree, int node) {
    if (tree == NONE) {
      return node;
    }
    if (above(node, tree)) {
      split(tree, node);
      return update(node);
    }
    if (before(node, tree)) {
      left[tree] = insert(left[tree], node);
    } else {
      right[tree] = insert(right[tree], node);
    }
    return update(tree);
  }

  /** Hangs what comes before the node on its left and the rest on its right. */
  private void split(int tree, int node) {
    if (tree == NONE) {
      left[node] = NONE;
      right[node] = NONE;
    } else if (before(node, tree)) {
      split(left[tree], node);
      left[tree] = right[node];
      right[node] = update(tree);
    } else {
      split(right[tree], node);
      right[tree] = left[node];
      left[node] = update(tree);
    }
  }

  private int remove(int tree, int node) {
    if (tree == node) {
      return merge(left[tree], right[tree]);
    }
    if (before(node, tree)) {
      left[tree] = remove(left[tree], node);
    } else {
      right[tree] = remove(right[tree], node);
    }
    return update(tree);
  }

  private int merge(int first, int second) {
    if (first == NONE) {
      return second;
    }
    if (second == NONE) {
      return first;
    }
    if (above(first, second)) {
      right[first] = merge(right[first], second);
      return update(first);
    }
    left[second] = merge(first, left[second]);
    return update(second);
  }

  private int update(int node) {
    size[node] = size(left[node]) + 1 + size(right[node]);
    openBelow[node] = openBelow(left[node]) + (open[node] ? 1 : 0) + openBelow(right[node]);
    return node;
  }

  private int size(int node) {
    return node == NONE ? 0 : size[node];
  }

  private int openBelow(int node) {
    return node == NONE ? 0 : openBelow[node];
  }

  private boolean before(int a, int b) {
    int order = Double.compare(loss[a], loss[b]);
    return order != 0 ? order < 0 : a < b;
  }

  private static boolean above(int a, int b) {
    long pa = KeyedRandom.mix(a + 1L);
    long pb = KeyedRandom.mix(b + 1L);
    return pa != pb ? pa > pb : a < b;
  }

  private int node(int trialNumber) {
    if (!contains(trialNumber)) {
      throw new IllegalStateException(
          "expected an entry of trial " + trialNumber + ", but it has none");
    }
    return nodeOfTrial[trialNumber];
  }
}
