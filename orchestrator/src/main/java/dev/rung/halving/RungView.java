package dev.rung.halving;

/** What a rule may know of a rung. Ranks count from 0, the best. */
public interface RungView {

  /** Number of entries, n. */
  int size();

  /** Number of promoted entries. */
  int promotions();

  /** Number of entries promoted since they were among the best, and not carried on. */
  int earned();

  /** Whether a trial went on since it was among the best. */
  boolean hasEarned(int trial);

  /** Whether a trial has an entry. */
  boolean contains(int trial);

  /** Whether a trial went on to the next rung. */
  boolean isPromoted(int trial);

  /** Whether a trial is paused here and may go on elsewhere. */
  boolean isOpen(int trial);

  /** How many losses an entry has. */
  int objectives();

  /** Whether every loss of a trial is a finite number. */
  boolean isFinite(int trial);

  /** A trial's loss, the first of several; infinite unless all are finite. */
  double loss(int trial);

  /** A trial's losses, each infinite where the value was not finite. */
  double[] losses(int trial);

  /** By how much a trial misses the constraints; 0: it meets them. */
  double violation(int trial);

  /** What a trial had cost when it came here; 0 where that is not known. */
  double cost(int trial);

  /**
   * Index of a trial's non-dominated front, from 0. Those that are infeasible or not finite share
   * one after the last. With one objective it is 0, since there the rank tells all.
   */
  int front(int trial);

  /** Number of entries before a trial's. */
  int rank(int trial);

  /** Whether a trial's entry has a lower rank than that of another. */
  boolean isBefore(int trial, int other);

  /** The best open trial; -1: none is open. */
  int firstOpen();

  /** The open trial with so many better open ones, of which there must be more than that. */
  int openAt(int index);

  /** How many of the best {@code count} entries are open. */
  int openAmongFirst(int count);

  /** Number of entries better than a trial's. One that equals it and came earlier is not better. */
  int countBetter(int trial);

  /** Number of entries up to a trial's, and those that equal it and follow it at once. */
  int countUpTo(int trial);

  /** What the best {@code count} entries have cost together. */
  double costOfFirst(int count);

  /** The trial of a rank below {@link #size()}. */
  int trialAt(int rank);

  /**
   * The best trial that may go on: an open one, or a candidate that waits here in its slot.
   *
   * @param candidate a trial with an entry that is not promoted, which counts as open; -1: none
   * @return -1: there is none
   */
  default int firstOpenOr(int candidate) {
    int first = firstOpen();
    if (candidate < 0 || !contains(candidate) || isPromoted(candidate)) {
      return first;
    }
    return first < 0 || isBefore(candidate, first) ? candidate : first;
  }
}
