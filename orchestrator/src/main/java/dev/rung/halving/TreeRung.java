package dev.rung.halving;

/** The rung of one objective: by violation, loss and arrival. Every operation takes O(log n). */
final class TreeRung extends Rung {
  private final EntryTree order;

  TreeRung() {
    super(1);
    order = new EntryTree(entries);
  }

  @Override
  void place(int node) {
    order.insert(node);
  }

  @Override
  void displace(int node) {
    order.remove(node);
  }

  @Override
  void openChanged(int node) {
    order.openChanged(node);
  }

  @Override
  public int size() {
    return order.size();
  }

  @Override
  public int front(int trial) {
    return 0;
  }

  @Override
  public int rank(int trial) {
    return order.rank(entries.node(trial));
  }

  @Override
  public int trialAt(int rank) {
    return entries.trial(order.at(rank));
  }

  @Override
  int open() {
    return order.open();
  }

  @Override
  public int openAt(int index) {
    return entries.trial(order.openAt(index));
  }

  @Override
  public int openAmongFirst(int count) {
    return order.openAmongFirst(count);
  }

  @Override
  public int countBetter(int trial) {
    return order.countBetter(entries.node(trial));
  }

  @Override
  public int countUpTo(int trial) {
    return order.countUpTo(entries.node(trial));
  }

  @Override
  public double costOfFirst(int count) {
    return order.costOfFirst(count);
  }
}
