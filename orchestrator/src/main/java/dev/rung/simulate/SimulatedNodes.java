package dev.rung.simulate;

import dev.rung.fleet.Matcher.Offer;
import dev.rung.study.Slot;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Simulated trainers, each a node with one slot, and how long their slots were taken. */
final class SimulatedNodes {
  /** The kind of trainer that they are. */
  static final String KIND = "simulated";

  private static final Set<String> KINDS = Set.of(KIND);
  private static final String PREFIX = "trainer-";

  /** A node that is there. */
  private static final class Node {
    final double joined;
    double takenSince = Double.NaN;
    double left = Double.NaN;
    double taken;
    long offers;
    @Nullable Training training;

    Node(double joined) {
      this.joined = joined;
    }
  }

  private final List<Node> nodes = new ArrayList<>();

  /** Those with a free slot, the longest free first. */
  private final Set<Integer> free = new LinkedHashSet<>();

  /** A node comes, with a free slot; its index. */
  int join(double time) {
    nodes.add(new Node(time));
    free.add(nodes.size() - 1);
    return nodes.size() - 1;
  }

  /** A node goes; what it trained, or null. */
  @Nullable Training leave(int index, double time) {
    Node node = nodes.get(index);
    release(node, time);
    node.left = time;
    free.remove(index);
    Training training = node.training;
    node.training = null;
    return training;
  }

  boolean hasFree() {
    return !free.isEmpty();
  }

  int free() {
    return free.size();
  }

  /** The longest free slots, at most so many, without those of some nodes. */
  List<Offer> offers(int most, Set<String> excluded) {
    List<Offer> offers = new ArrayList<>();
    Iterator<Integer> indices = free.iterator();
    while (offers.size() < most && indices.hasNext()) {
      int index = indices.next();
      Slot slot = new Slot(PREFIX + index, 1, PREFIX + index, nodes.get(index).offers + 1);
      if (!excluded.contains(slot.node())) {
        offers.add(new Offer(slot, KINDS, ""));
      }
    }
    return offers;
  }

  /** Takes a slot that was offered; the index of its node. */
  int take(Slot slot, double time) {
    int index = of(slot);
    free.remove(index);
    Node node = nodes.get(index);
    node.offers = slot.offer();
    node.takenSince = time;
    return index;
  }

  /** What a node trains from now on. */
  void occupy(Training training) {
    nodes.get(training.node).training = training;
  }

  /** A slot is free again, unless its node has left. */
  void give(int index, double time) {
    Node node = nodes.get(index);
    release(node, time);
    node.training = null;
    if (Double.isNaN(node.left)) {
      free.add(index);
    }
  }

  private static void release(Node node, double time) {
    if (!Double.isNaN(node.takenSince)) {
      node.taken += time - node.takenSince;
      node.takenSince = Double.NaN;
    }
  }

  /** The share of the time of all slots in which they were taken; 0 before any time has passed. */
  double utilisation(double time) {
    double taken = 0;
    for (Node node : nodes) {
      taken += node.taken + (Double.isNaN(node.takenSince) ? 0 : time - node.takenSince);
    }
    double there = there(time);
    return there == 0 ? 0 : taken / there;
  }

  /** How long all slots were there together. */
  double there(double time) {
    double there = 0;
    for (Node node : nodes) {
      there += (Double.isNaN(node.left) ? time : node.left) - node.joined;
    }
    return there;
  }

  /** The index of a slot's node. */
  static int of(Slot slot) {
    return Integer.parseInt(slot.node().substring(PREFIX.length()));
  }
}
