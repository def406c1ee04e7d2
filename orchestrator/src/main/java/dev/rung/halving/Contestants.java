package dev.rung.halving;

import org.jspecify.annotations.Nullable;

/** The trials of a study, as far as a rule may know them. */
public interface Contestants {

  /** Every trial that had a slot, by number. */
  Iterable<? extends Contestant> all();

  /** A trial that had a slot. */
  Contestant of(int trial);

  /**
   * What a trial reported; null unless the rule {@linkplain HalvingRule#readsCurves reads curves}.
   */
  @Nullable Curve curve(int trial);
}
