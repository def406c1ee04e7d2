package dev.rung.halving;

/** The rung of one objective: by violation, loss and arrival. Every operation takes O(log n). */
final class TreeRung extends Rung {
  private static final int UNKNOWN = -2;

  private final EntryTree order;

  /** Asked for with every decision, and changed by few of them. */
  private int firstOpen = EntryTable.NONE;

  /** The trial whose rank was asked for last, since a decision asks several times. */
  private int ranked = EntryTable.NONE;

  private int rank;

  TreeRung() {
    super(1);
    order = new EntryTree(entries);
  }

  @Override
  void place(int node) {
    order.insert(node);
    ranked = EntryTable.NONE;
  }

  @Override
  void displace(int node) {
    order.remove(node);
    ranked = EntryTable.NONE;
    firstOpen = UNKNOWN;
  }

  @Override
  void openChanged(int node) {
    order.openChanged(node);
    firstOpen = UNKNOWN;
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
    if (trial != ranked) {
      rank = order.rank(entries.node(trial));
      ranked = trial;
    }
    return rank;
  }

  @Override
  public boolean isBefore(int trial, int other) {
    return order.before(entries.node(trial), entries.node(other));
  }

  @Override
  public int trialAt(int rank) {
    return entries.trial(order.at(rank));
  }

  @Override
  public int firstOpen() {
    if (firstOpen == UNKNOWN) {
      firstOpen = order.open() == 0 ? EntryTable.NONE : openAt(0);
    }
    return firstOpen;
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
