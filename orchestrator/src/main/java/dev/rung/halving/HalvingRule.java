package dev.rung.halving;

import java.util.List;
import java.util.Optional;

/** Says which trials go on. A rule is a function of the brackets; it keeps no state of its own. */
public interface HalvingRule {

  /** The name that verdicts are recorded under. */
  String name();

  /** The ladder that a new study starts with, where it has one bracket. */
  Ladder ladder(long min, long max);

  /** The ladders that a new study starts with, one a bracket. */
  default List<Ladder> ladders(long min, long max) {
    return List.of(ladder(min, max));
  }

  /**
   * The bracket that a new trial belongs to.
   *
   * @param count of brackets
   */
  default int bracket(int trial, int count) {
    return 0;
  }

  /**
   * A rank of the rung below this number may go on.
   *
   * @param share level of the rung over that of the next one
   */
  int quota(RungView rung, double share);

  /** Number of entries that come before a trial's, as this rule counts equal values. */
  default int rank(RungView rung, int trial) {
    return rung.rank(trial);
  }

  /** Where a trial with an entry in a rung stands, as evidence of what becomes of it. */
  default Standing standing(BracketView bracket, int rung, int trial) {
    RungView entries = bracket.rungs().get(rung);
    return new Standing(
        rank(entries, trial), entries.size(), quota(entries, bracket.ladder().share(rung)));
  }

  /**
   * Ranks of a rung from this number on can never go on, however many trials are still to come.
   *
   * @param trials of all brackets together, those that ran and those that may come
   */
  default long within(BracketView bracket, int rung, long trials) {
    return Long.MAX_VALUE;
  }

  /** Whether the trainer trains on past a milestone until it hears otherwise. */
  default boolean isStopping() {
    return false;
  }

  /**
   * Whether a free slot goes to a new trial that heads for a lower rung before one that may be
   * promoted; else it goes to promotions first.
   */
  default boolean mostBehindFirst() {
    return false;
  }

  /** Whether {@link BracketView#curve} is wanted, which costs memory. */
  default boolean readsCurves() {
    return false;
  }

  /** Whether a trial with an entry may go on from a rung, which has to be any but the top. */
  default boolean mayGoOn(RungView rung, double share, int trial) {
    return rank(rung, trial) < quota(rung, share) && Double.isFinite(rung.loss(trial));
  }

  /**
   * What becomes of a trial that has just entered a rung with a finite value.
   *
   * @param rung index of the rung, any but the last that trials are ever to reach
   */
  default Fate atMilestone(BracketView bracket, int rung, int trial) {
    if (!isStopping()) {
      return new Fate.Compete();
    }
    boolean goesOn = mayGoOn(bracket.rungs().get(rung), bracket.ladder().share(rung), trial);
    return goesOn ? new Fate.GoOn() : new Fate.Over();
  }

  /**
   * The promotion that a free slot is used for: the best open entry that may go on, looking from
   * the top rung down to the one that new trials head for.
   *
   * @param candidate a trial that waits at its rung in the slot that would be free, and counts as
   *     open; -1: none
   */
  default Optional<Promotion> next(BracketView bracket, int candidate) {
    for (int k = bracket.ladder().top() - 1; k >= bracket.ladder().start(); k--) {
      RungView rung = bracket.rungs().get(k);
      int trial = rung.firstOpenOr(candidate);
      if (trial >= 0 && mayGoOn(rung, bracket.ladder().share(k), trial)) {
        return Optional.of(new Promotion(trial, k, true));
      }
    }
    return Optional.empty();
  }

  /** How many promotions are possible now without a new entry. */
  default int promotable(BracketView bracket) {
    int count = 0;
    for (int k = bracket.ladder().start(); k < bracket.ladder().top(); k++) {
      count += promotable(bracket.rungs().get(k), bracket.ladder().share(k));
    }
    return count;
  }

  /**
   * How many promotions out of a rung are possible now without a new entry.
   *
   * @param rung any but the top
   * @param share level of the rung over that of the next one
   */
  default int promotable(RungView rung, double share) {
    return rung.openAmongFirst(quota(rung, share));
  }

  /** A ladder that is to follow the one in force, by what is known now. */
  default Optional<Revision> revise(BracketView bracket) {
    return Optional.empty();
  }

  /**
   * A trial that may go on.
   *
   * @param trial its number
   * @param rung index of the rung that it leaves
   * @param earned whether it is among the best; false: it is carried on whatever its rank
   */
  record Promotion(int trial, int rung, boolean earned) {}
}
