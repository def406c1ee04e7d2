package dev.rung.halving;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Nodes by non-dominated fronts, which are kept up as nodes come and go instead of being sorted
 * anew: what a node dominates in its front moves down to the next, and so on (Li, Deb, Zhang and
 * Zhang, Efficient Nondomination Level Update Method for Steady-State Evolutionary Multiobjective
 * Optimization, IEEE Transactions on Cybernetics 2017; with two objectives what moves is one
 * segment of each front: Yakupov and Buzdalov, CEC 2015). The front of a node is found by
 * bisection, since what a member of a front dominates, some member of each front before it
 * dominates too.
 *
 * <p>The order is that of the fronts, and within each that of its {@link EpsilonNet}.
 */
final class Fronts {
  private final EntryTable entries;
  private final List<Front> fronts = new ArrayList<>();
  private @Nullable Front[] frontOf = new Front[4];
  private int size;

  Fronts(EntryTable entries) {
    this.entries = entries;
  }

  int size() {
    return size;
  }

  int count() {
    return fronts.size();
  }

  int open() {
    int open = 0;
    for (Front front : fronts) {
      open += front.open();
    }
    return open;
  }

  void insert(int node) {
    size++;
    if (node >= frontOf.length) {
      frontOf = Arrays.copyOf(frontOf, Math.max(node + 1, frontOf.length * 2));
    }
    int[] moving = {node};
    for (int i = firstThatSpares(node); moving.length > 0; i++) {
      int[] displaced = i == fronts.size() ? new int[0] : fronts.get(i).dominatedBy(moving);
      if (i == fronts.size() || displaced.length == fronts.get(i).size()) {
        // They come between two fronts, which stay as they are.
        addFront(i, moving);
        return;
      }
      fronts.get(i).removeAll(displaced);
      take(fronts.get(i), moving);
      moving = displaced;
    }
  }

  void remove(int node) {
    size--;
    Front front = front(node);
    int[] gone = {node};
    front.removeAll(gone);
    while (front.size() > 0 && front.index + 1 < fronts.size() && gone.length > 0) {
      Front next = fronts.get(front.index + 1);
      int[] freed = next.freedBy(gone, front);
      next.removeAll(freed);
      take(front, freed);
      gone = freed;
      front = next;
    }
    if (front.size() == 0) {
      fronts.remove(front.index);
      number(front.index);
    }
    frontOf[node] = null;
  }

  private int firstThatSpares(int node) {
    int low = 0;
    int high = fronts.size();
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (fronts.get(middle).dominates(node)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private void addFront(int index, int[] nodes) {
    Front front = new Front(entries, nodes);
    fronts.add(index, front);
    number(index);
    for (int node : nodes) {
      frontOf[node] = front;
    }
  }

  private void number(int from) {
    for (int i = from; i < fronts.size(); i++) {
      fronts.get(i).index = i;
    }
  }

  private void take(Front front, int[] nodes) {
    front.addAll(nodes);
    for (int node : nodes) {
      frontOf[node] = front;
    }
  }

  void openChanged(int node) {
    front(node).openChanged(node);
  }

  Front front(int node) {
    Front front = frontOf[node];
    if (front == null) {
      throw new IllegalStateException("expected node " + node + " in a front, but it is in none");
    }
    return front;
  }

  int rank(int node) {
    Front front = front(node);
    return sizeBefore(front) + front.net().place(node);
  }

  /** Number of nodes before the first that has the same losses. */
  int countBetter(int node) {
    Front front = front(node);
    return sizeBefore(front) + front.net().place(front.firstEqual(node));
  }

  private int sizeBefore(Front front) {
    int count = 0;
    for (int i = 0; i < front.index; i++) {
      count += fronts.get(i).size();
    }
    return count;
  }

  int at(int rank) {
    int rest = rank;
    int i = 0;
    while (rest >= fronts.get(i).size()) {
      rest -= fronts.get(i++).size();
    }
    return fronts.get(i).net().at(rest);
  }

  int openAt(int index) {
    int rest = index;
    int i = 0;
    while (rest >= fronts.get(i).open()) {
      rest -= fronts.get(i++).open();
    }
    EpsilonNet net = fronts.get(i).net();
    int place = 0;
    while (!entries.isOpen(net.at(place)) || rest-- > 0) {
      place++;
    }
    return net.at(place);
  }

  int openAmongFirst(int count) {
    int found = 0;
    int rest = count;
    for (Front front : fronts) {
      if (rest < front.size()) {
        return found + openOf(front, rest);
      }
      rest -= front.size();
      found += front.open();
    }
    return found;
  }

  private int openOf(Front front, int count) {
    int found = 0;
    for (int place = 0; front.open() > found && place < count; place++) {
      found += entries.isOpen(front.net().at(place)) ? 1 : 0;
    }
    return found;
  }

  double costOfFirst(int count) {
    double sum = 0;
    int rest = count;
    for (Front front : fronts) {
      if (rest < front.size()) {
        for (int place = 0; place < rest; place++) {
          sum += entries.cost(front.net().at(place));
        }
        return sum;
      }
      rest -= front.size();
      sum += front.cost();
    }
    return sum;
  }
}
