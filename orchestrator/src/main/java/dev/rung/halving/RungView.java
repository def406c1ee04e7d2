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

  /** A trial's loss; infinite for a value that was not finite. */
  double loss(int trial);

  /** Number of entries before a trial's. */
  int rank(int trial);

  /** The best open trial; -1: none is open. */
  int firstOpen();

  /** The open trial with so many better open ones, of which there must be more than that. */
  int openAt(int index);

  /** How many of the best {@code count} entries are open. */
  int openAmongFirst(int count);

  /** Number of entries with a lower loss than this. */
  int countBelow(double loss);

  /** Number of entries with at most this loss. */
  int countUpTo(double loss);

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
    return first < 0 || rank(candidate) < rank(first) ? candidate : first;
  }
}
