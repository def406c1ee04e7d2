package dev.rung.halving;

import static dev.rung.halving.EntryTable.NONE;

import dev.rung.space.KeyedRandom;
import java.util.Arrays;

/**
 * Nodes of a table from the best to the worst, as {@link EntryTable#compare} and then the order of
 * arrival have it. An order-statistic tree (a treap): every operation takes O(log n). Priorities
 * are a hash of the trial's number, so that the same entries give the same tree, whatever came and
 * went between, and with it the same sums to the last bit.
 */
final class EntryTree {
  private static final int WIDTH = 4;
  private static final int LEFT = 0;
  private static final int RIGHT = 1;
  private static final int SIZE = 2;
  private static final int OPEN = 3;

  private final EntryTable entries;

  /** Columns of a node lie together, since a walk down a large tree waits for memory. */
  private int[] nodes = new int[4 * WIDTH];

  /** What the nodes of a subtree have cost, by its root; empty until one has cost something. */
  private double[] cost = new double[0];

  private int root = NONE;

  EntryTree(EntryTable entries) {
    this.entries = entries;
  }

  void insert(int node) {
    int capacity = nodes.length / WIDTH;
    if (node >= capacity) {
      capacity = Math.max(node + 1, capacity * 2);
      nodes = Arrays.copyOf(nodes, capacity * WIDTH);
    }
    boolean costs = cost.length > 0 || entries.cost(node) > 0;
    if (costs && cost.length < capacity) {
      cost = Arrays.copyOf(cost, capacity);
    }
    setLeft(node, NONE);
    setRight(node, NONE);
    update(node);
    root = insert(root, node);
  }

  void remove(int node) {
    root = remove(root, node);
  }

  /** An entry was opened or closed. */
  void openChanged(int target) {
    int change = entries.isOpen(target) ? 1 : -1;
    int node = root;
    while (true) {
      nodes[node * WIDTH + OPEN] += change;
      if (node == target) {
        return;
      }
      node = before(target, node) ? left(node) : right(node);
    }
  }

  int size() {
    return size(root);
  }

  int open() {
    return open(root);
  }

  int rank(int target) {
    int rank = 0;
    int node = root;
    while (node != target) {
      if (before(target, node)) {
        node = left(node);
      } else {
        rank += size(left(node)) + 1;
        node = right(node);
      }
    }
    return rank + size(left(node));
  }

  int at(int rank) {
    int node = root;
    int rest = rank;
    while (true) {
      int leftSize = size(left(node));
      if (rest < leftSize) {
        node = left(node);
      } else if (rest == leftSize) {
        return node;
      } else {
        rest -= leftSize + 1;
        node = right(node);
      }
    }
  }

  int openAt(int index) {
    int node = root;
    int rest = index;
    while (true) {
      int openLeft = open(left(node));
      if (rest < openLeft) {
        node = left(node);
      } else if (rest == openLeft && entries.isOpen(node)) {
        return node;
      } else {
        rest -= openLeft + openHere(node);
        node = right(node);
      }
    }
  }

  int openAmongFirst(int count) {
    int node = root;
    int rest = count;
    int found = 0;
    while (node != NONE && rest > 0) {
      int leftSize = size(left(node));
      if (rest <= leftSize) {
        node = left(node);
      } else {
        found += open(left(node)) + openHere(node);
        rest -= leftSize + 1;
        node = right(node);
      }
    }
    return found;
  }

  double costOfFirst(int count) {
    int node = root;
    int rest = count;
    double sum = 0;
    while (node != NONE && rest > 0) {
      int leftSize = size(left(node));
      if (rest <= leftSize) {
        node = left(node);
      } else {
        sum += cost(left(node)) + entries.cost(node);
        rest -= leftSize + 1;
        node = right(node);
      }
    }
    return sum;
  }

  /** Number of nodes that are better than one; those that only came earlier are not. */
  int countBetter(int than) {
    return count(than, false);
  }

  /** Number of nodes that are better than one or equal to it. */
  int countUpTo(int than) {
    return count(than, true);
  }

  private int count(int bound, boolean inclusive) {
    int count = 0;
    int node = root;
    while (node != NONE) {
      int order = entries.compare(node, bound);
      if (order < 0 || (inclusive && order == 0)) {
        count += size(left(node)) + 1;
        node = right(node);
      } else {
        node = left(node);
      }
    }
    return count;
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
      setLeft(tree, insert(left(tree), node));
    } else {
      setRight(tree, insert(right(tree), node));
    }
    return grow(tree, node);
  }

  /** A node was added below. */
  private int grow(int tree, int node) {
    nodes[tree * WIDTH + SIZE]++;
    nodes[tree * WIDTH + OPEN] += openHere(node);
    updateCost(tree);
    return tree;
  }

  /** Hangs what comes before the node on its left and the rest on its right. */
  private void split(int tree, int node) {
    if (tree == NONE) {
      setLeft(node, NONE);
      setRight(node, NONE);
    } else if (before(node, tree)) {
      split(left(tree), node);
      setLeft(tree, right(node));
      setRight(node, update(tree));
    } else {
      split(right(tree), node);
      setRight(tree, left(node));
      setLeft(node, update(tree));
    }
  }

  private int remove(int tree, int node) {
    if (tree == node) {
      return merge(left(tree), right(tree));
    }
    if (before(node, tree)) {
      setLeft(tree, remove(left(tree), node));
    } else {
      setRight(tree, remove(right(tree), node));
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
      setRight(first, merge(right(first), second));
      return update(first);
    }
    setLeft(second, merge(first, left(second)));
    return update(second);
  }

  private int update(int node) {
    nodes[node * WIDTH + SIZE] = size(left(node)) + 1 + size(right(node));
    nodes[node * WIDTH + OPEN] = open(left(node)) + openHere(node) + open(right(node));
    updateCost(node);
    return node;
  }

  private void updateCost(int node) {
    if (cost.length > 0) {
      cost[node] = cost(left(node)) + entries.cost(node) + cost(right(node));
    }
  }

  private int left(int node) {
    return nodes[node * WIDTH + LEFT];
  }

  private void setLeft(int node, int child) {
    nodes[node * WIDTH + LEFT] = child;
  }

  private int right(int node) {
    return nodes[node * WIDTH + RIGHT];
  }

  private void setRight(int node, int child) {
    nodes[node * WIDTH + RIGHT] = child;
  }

  private int size(int node) {
    return node == NONE ? 0 : nodes[node * WIDTH + SIZE];
  }

  private int open(int node) {
    return node == NONE ? 0 : nodes[node * WIDTH + OPEN];
  }

  private int openHere(int node) {
    return entries.isOpen(node) ? 1 : 0;
  }

  private double cost(int node) {
    return node == NONE || cost.length == 0 ? 0 : cost[node];
  }

  boolean before(int a, int b) {
    int order = entries.compare(a, b);
    return order != 0 ? order < 0 : a < b;
  }

  private boolean above(int a, int b) {
    return KeyedRandom.mix(entries.trial(a) + 1L) > KeyedRandom.mix(entries.trial(b) + 1L);
  }
}
