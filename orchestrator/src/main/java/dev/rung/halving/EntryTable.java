package dev.rung.halving;

import java.util.Arrays;

/**
 * The entries of one rung as columns. A node is the index of an entry: its number in order of
 * arrival. A node whose entry was taken out is never used again.
 */
final class EntryTable {
  static final int NONE = -1;

  private final int objectives;
  private final int width;

  /** The losses of a node and then its violation: a comparison reads them all. */
  private double[] scores;

  private double[] cost = new double[4];
  private int[] trial = new int[4];
  private boolean[] open = new boolean[4];
  private boolean[] promoted = new boolean[4];
  private boolean[] earned = new boolean[4];
  private int arrivals;
  private int[] nodeOfTrial = new int[0];

  EntryTable(int objectives) {
    this.objectives = objectives;
    width = objectives + 1;
    scores = new double[4 * width];
  }

  /** The node of a new entry, which is neither promoted nor open. */
  int append(int trialNumber, double[] loss, double violated, double spent) {
    if (loss.length != objectives) {
      throw new IllegalArgumentException(
          "expected %d losses of trial %d, but came %d"
              .formatted(objectives, trialNumber, loss.length));
    }
    if (contains(trialNumber)) {
      throw new IllegalStateException(
          "expected one entry of trial " + trialNumber + ", but came a second");
    }
    int node = arrivals++;
    if (node == trial.length) {
      grow(node * 2);
    }
    for (int i = 0; i < objectives; i++) {
      scores[node * width + i] = finiteOrWorst(loss[i]);
    }
    scores[node * width + objectives] = violated <= 0 ? 0 : finiteOrWorst(violated);
    cost[node] = spent > 0 && Double.isFinite(spent) ? spent : 0;
    trial[node] = trialNumber;
    if (trialNumber >= nodeOfTrial.length) {
      int from = nodeOfTrial.length;
      nodeOfTrial = Arrays.copyOf(nodeOfTrial, Math.max(trialNumber + 1, from * 2));
      Arrays.fill(nodeOfTrial, from, nodeOfTrial.length, NONE);
    }
    nodeOfTrial[trialNumber] = node;
    return node;
  }

  private void grow(int capacity) {
    scores = Arrays.copyOf(scores, capacity * width);
    cost = Arrays.copyOf(cost, capacity);
    trial = Arrays.copyOf(trial, capacity);
    open = Arrays.copyOf(open, capacity);
    promoted = Arrays.copyOf(promoted, capacity);
    earned = Arrays.copyOf(earned, capacity);
  }

  /** Also makes one value of the two zeros. */
  private static double finiteOrWorst(double value) {
    return Double.isFinite(value) ? value + 0.0 : Double.POSITIVE_INFINITY;
  }

  void forget(int node) {
    nodeOfTrial[trial[node]] = NONE;
  }

  boolean contains(int trialNumber) {
    return trialNumber < nodeOfTrial.length && nodeOfTrial[trialNumber] != NONE;
  }

  int node(int trialNumber) {
    if (!contains(trialNumber)) {
      throw new IllegalStateException(
          "expected an entry of trial " + trialNumber + ", but it has none");
    }
    return nodeOfTrial[trialNumber];
  }

  int trial(int node) {
    return trial[node];
  }

  int objectives() {
    return objectives;
  }

  double loss(int node, int objective) {
    return scores[node * width + objective];
  }

  double[] losses(int node) {
    return Arrays.copyOfRange(scores, node * width, node * width + objectives);
  }

  double violation(int node) {
    return scores[node * width + objectives];
  }

  double cost(int node) {
    return cost[node];
  }

  boolean isOpen(int node) {
    return open[node];
  }

  void setOpen(int node, boolean value) {
    open[node] = value;
  }

  boolean isPromoted(int node) {
    return promoted[node];
  }

  boolean isEarned(int node) {
    return earned[node];
  }

  void promote(int node, boolean merit) {
    promoted[node] = true;
    earned[node] = merit;
  }

  boolean isFinite(int node) {
    for (int i = 0; i < objectives; i++) {
      if (!Double.isFinite(loss(node, i))) {
        return false;
      }
    }
    return true;
  }

  /** Whether a node's losses are what decides its place. */
  boolean isFeasible(int node) {
    return violation(node) == 0 && isFinite(node);
  }

  /** Whether a loss of one node is lower than that of another, and none is higher. */
  boolean dominates(int node, int other) {
    boolean lower = false;
    for (int i = 0; i < objectives; i++) {
      double difference = loss(node, i) - loss(other, i);
      if (difference > 0) {
        return false;
      }
      lower |= difference < 0;
    }
    return lower;
  }

  boolean hasLossesOf(int node, int other) {
    for (int i = 0; i < objectives; i++) {
      if (loss(node, i) != loss(other, i)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Whether one node is better by rank order, of negative, zero and positive: by violation, then by
   * loss where there is one objective; a node that is not finite is the worst. Zero: only the order
   * of arrival tells them apart.
   */
  int compare(int a, int b) {
    boolean finite = isFinite(a);
    if (!finite || !isFinite(b)) {
      return Boolean.compare(isFinite(b), finite);
    }
    int order = Double.compare(violation(a), violation(b));
    return order != 0 || objectives > 1 ? order : Double.compare(loss(a, 0), loss(b, 0));
  }

  /** Trials with an entry, in order of arrival. */
  int[] trialsByArrival() {
    int[] result = new int[arrivals];
    int count = 0;
    for (int node = 0; node < arrivals; node++) {
      if (contains(trial[node]) && nodeOfTrial[trial[node]] == node) {
        result[count++] = trial[node];
      }
    }
    return Arrays.copyOf(result, count);
  }
}
