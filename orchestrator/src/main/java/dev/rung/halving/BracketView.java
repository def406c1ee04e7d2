package dev.rung.halving;

import java.util.List;
import java.util.SortedSet;

/** What a rule may know of one bracket: a ladder with the trials that climb it. */
public interface BracketView {

  /** The ladder in force. */
  Ladder ladder();

  /** Why the ladder is as it is, for a person. */
  String reason();

  /** The rungs of the ladder, from the lowest. */
  List<? extends RungView> rungs();

  /** Trials that are carried on to the reference rung while the ladder is {@link Probing}. */
  SortedSet<Integer> probes();

  /** The trials of the study. */
  Contestants trials();
}
