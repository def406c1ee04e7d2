package dev.rung.halving;

/**
 * The entries of one rung in order, best first. Feasible entries come first: of one objective by
 * their loss, of several by their non-dominated fronts. Then come the infeasible ones by how far
 * they violate the constraints, and last those with a loss that is not finite. Entries that this
 * leaves equal stand in order of arrival. The same entries, inserted in the same order, give the
 * same rung.
 *
 * <p>An entry is <em>promoted</em> once its trial went on to the next rung, and <em>open</em> while
 * its trial is paused here without an attempt, so that it may go on elsewhere.
 */
public abstract sealed class Rung implements RungView permits TreeRung, FrontRung {
  final EntryTable entries;
  private int promotions;
  private int earned;

  Rung(int objectives) {
    entries = new EntryTable(objectives);
  }

  /**
   * A rung without entries.
   *
   * @param objectives how many losses an entry has, from 1
   */
  public static Rung of(int objectives) {
    if (objectives < 1) {
      throw new IllegalArgumentException("expected at least one objective, but came " + objectives);
    }
    return objectives == 1 ? new TreeRung() : new FrontRung(objectives);
  }

  /** Adds an entry of one objective. */
  public final void insert(int trial, double loss) {
    insert(trial, new double[] {loss}, 0, 0);
  }

  /** Adds an entry that has cost nothing. */
  public final void insert(int trial, double[] losses, double violation) {
    insert(trial, losses, violation, 0);
  }

  /**
   * Adds an entry, not promoted and not open.
   *
   * @param trial the trial's number, from 0; at most one entry each
   * @param losses one an objective, lower is better; anything not finite counts as the worst
   * @param violation by how much it misses the constraints; 0: it meets them, not finite: it misses
   *     them most
   * @param cost what the trial has cost until here; what is not a positive number counts as 0
   */
  public final void insert(int trial, double[] losses, double violation, double cost) {
    place(entries.append(trial, losses, violation, cost));
  }

  /** Takes a trial's entry out; without one nothing happens. */
  public final void remove(int trial) {
    if (!contains(trial)) {
      return;
    }
    int node = entries.node(trial);
    promotions -= entries.isPromoted(node) ? 1 : 0;
    earned -= entries.isEarned(node) ? 1 : 0;
    displace(node);
    entries.forget(node);
  }

  /** Marks a trial's entry as promoted since it was among the best, which closes it too. */
  public final void promote(int trial) {
    promote(trial, true);
  }

  /**
   * Marks a trial's entry as promoted, which closes it too.
   *
   * @param merit whether it was among the best; false: it went on whatever its rank
   */
  public final void promote(int trial, boolean merit) {
    setOpen(trial, false);
    int node = entries.node(trial);
    if (!entries.isPromoted(node)) {
      entries.promote(node, merit);
      promotions++;
      earned += merit ? 1 : 0;
    }
  }

  /** Opens or closes a trial's entry. */
  public final void setOpen(int trial, boolean value) {
    int node = entries.node(trial);
    if (entries.isOpen(node) != value) {
      entries.setOpen(node, value);
      openChanged(node);
    }
  }

  /**
   * Trials with an entry, in order of arrival: inserting them again in this order gives this rung.
   */
  public final int[] trialsByArrival() {
    return entries.trialsByArrival();
  }

  /** Puts a new node where it belongs. */
  abstract void place(int node);

  /** Takes a node out of the order. */
  abstract void displace(int node);

  /** A node was opened or closed. */
  abstract void openChanged(int node);

  @Override
  public final int promotions() {
    return promotions;
  }

  @Override
  public final int earned() {
    return earned;
  }

  @Override
  public final boolean hasEarned(int trial) {
    return entries.isEarned(entries.node(trial));
  }

  @Override
  public final boolean contains(int trial) {
    return entries.contains(trial);
  }

  @Override
  public final boolean isPromoted(int trial) {
    return entries.isPromoted(entries.node(trial));
  }

  @Override
  public final boolean isOpen(int trial) {
    return entries.isOpen(entries.node(trial));
  }

  @Override
  public final int objectives() {
    return entries.objectives();
  }

  @Override
  public final boolean isFinite(int trial) {
    return entries.isFinite(entries.node(trial));
  }

  @Override
  public final double loss(int trial) {
    return isFinite(trial) ? entries.loss(entries.node(trial), 0) : Double.POSITIVE_INFINITY;
  }

  @Override
  public final double[] losses(int trial) {
    return entries.losses(entries.node(trial));
  }

  @Override
  public final double violation(int trial) {
    return entries.violation(entries.node(trial));
  }

  @Override
  public final double cost(int trial) {
    return entries.cost(entries.node(trial));
  }
}
