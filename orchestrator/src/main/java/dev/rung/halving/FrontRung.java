package dev.rung.halving;

/**
 * The rung of several objectives: its feasible entries by {@link Fronts}, then the rest by
 * violation and arrival. A question about a place within a front costs time in proportion to the
 * front's size and that place, until the front changes.
 */
final class FrontRung extends Rung {
  private final Fronts fronts;
  private final EntryTree rest;

  FrontRung(int objectives) {
    super(objectives);
    fronts = new Fronts(entries);
    rest = new EntryTree(entries);
  }

  @Override
  void place(int node) {
    if (entries.isFeasible(node)) {
      fronts.insert(node);
    } else {
      rest.insert(node);
    }
  }

  @Override
  void displace(int node) {
    if (entries.isFeasible(node)) {
      fronts.remove(node);
    } else {
      rest.remove(node);
    }
  }

  @Override
  void openChanged(int node) {
    if (entries.isFeasible(node)) {
      fronts.openChanged(node);
    } else {
      rest.openChanged(node);
    }
  }

  @Override
  public int size() {
    return fronts.size() + rest.size();
  }

  @Override
  public boolean isBefore(int trial, int other) {
    return rank(trial) < rank(other);
  }

  @Override
  public int firstOpen() {
    return fronts.open() + rest.open() == 0 ? EntryTable.NONE : openAt(0);
  }

  @Override
  public int front(int trial) {
    int node = entries.node(trial);
    return entries.isFeasible(node) ? fronts.front(node).index : fronts.count();
  }

  @Override
  public int rank(int trial) {
    int node = entries.node(trial);
    return entries.isFeasible(node) ? fronts.rank(node) : fronts.size() + rest.rank(node);
  }

  @Override
  public int trialAt(int rank) {
    return entries.trial(rank < fronts.size() ? fronts.at(rank) : rest.at(rank - fronts.size()));
  }

  @Override
  public int openAt(int index) {
    int before = fronts.open();
    return entries.trial(index < before ? fronts.openAt(index) : rest.openAt(index - before));
  }

  @Override
  public int openAmongFirst(int count) {
    return fronts.openAmongFirst(count) + rest.openAmongFirst(count - fronts.size());
  }

  @Override
  public int countBetter(int trial) {
    int node = entries.node(trial);
    return entries.isFeasible(node)
        ? fronts.countBetter(node)
        : fronts.size() + rest.countBetter(node);
  }

  @Override
  public int countUpTo(int trial) {
    int node = entries.node(trial);
    return entries.isFeasible(node) ? fronts.rank(node) + 1 : fronts.size() + rest.countUpTo(node);
  }

  @Override
  public double costOfFirst(int count) {
    return fronts.costOfFirst(count) + rest.costOfFirst(count - fronts.size());
  }
}
