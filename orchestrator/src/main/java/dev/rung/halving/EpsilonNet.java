package dev.rung.halving;

import java.util.Arrays;

/**
 * The members of a front, spread out: first the one with the lowest first loss, then repeatedly the
 * one that is farthest from the nearest of those before it (a greedy epsilon-net, the
 * farthest-first traversal of Gonzalez, Theoretical Computer Science 1985; as the order within a
 * front: Schmucker et al., Multi-objective Asynchronous Successive Halving, 2021). Distances are
 * Euclidean, over losses scaled to the range from 0 to 1 that they span in the front; a loss that
 * all share counts nothing. Ties go to the earlier arrival. Each further place costs time in
 * proportion to the size of the front, and none is looked for before it is asked for.
 */
final class EpsilonNet {
  private static final double CHOSEN = -1;

  private final int objectives;
  private final int[] nodes;
  private final double[] scaled;

  /** Squared, by index of the member, from the nearest one chosen. */
  private final double[] distance;

  private final int[] order;
  private int chosen;

  /**
   * A net of which nothing is known yet.
   *
   * @param nodes in any order, at least one
   */
  EpsilonNet(EntryTable entries, int[] nodes) {
    this.nodes = nodes;
    objectives = entries.objectives();
    scaled = new double[nodes.length * objectives];
    for (int i = 0; i < objectives; i++) {
      scale(entries, i);
    }
    distance = new double[nodes.length];
    order = new int[nodes.length];
    Arrays.fill(distance, Double.POSITIVE_INFINITY);
    choose(first(entries));
  }

  private void scale(EntryTable entries, int objective) {
    double low = Double.POSITIVE_INFINITY;
    double high = Double.NEGATIVE_INFINITY;
    for (int node : nodes) {
      low = Math.min(low, entries.loss(node, objective));
      high = Math.max(high, entries.loss(node, objective));
    }
    // In halves where the range is beyond the largest number.
    double unit = Double.isFinite(high - low) ? 1 : 0.5;
    double range = high * unit - low * unit;
    for (int i = 0; range > 0 && i < nodes.length; i++) {
      double loss = entries.loss(nodes[i], objective);
      scaled[i * objectives + objective] = (loss * unit - low * unit) / range;
    }
  }

  private int first(EntryTable entries) {
    int best = 0;
    for (int i = 1; i < nodes.length; i++) {
      int order = Double.compare(entries.loss(nodes[i], 0), entries.loss(nodes[best], 0));
      if (order < 0 || (order == 0 && nodes[i] < nodes[best])) {
        best = i;
      }
    }
    return best;
  }

  /** The member at a place. */
  int at(int place) {
    while (chosen <= place) {
      choose(farthest());
    }
    return nodes[order[place]];
  }

  /** The place of a member. */
  int place(int node) {
    int place = 0;
    while (at(place) != node) {
      place++;
    }
    return place;
  }

  private void choose(int member) {
    order[chosen++] = member;
    distance[member] = CHOSEN;
  }

  private int farthest() {
    int last = order[chosen - 1];
    int best = -1;
    for (int i = 0; i < nodes.length; i++) {
      if (distance[i] != CHOSEN) {
        distance[i] = Math.min(distance[i], squaredDistance(i, last));
        if (best < 0
            || distance[i] > distance[best]
            || (distance[i] == distance[best] && nodes[i] < nodes[best])) {
          best = i;
        }
      }
    }
    return best;
  }

  private double squaredDistance(int a, int b) {
    double sum = 0;
    for (int i = 0; i < objectives; i++) {
      double difference = scaled[a * objectives + i] - scaled[b * objectives + i];
      sum += difference * difference;
    }
    return sum;
  }
}
