package dev.rung.study;

import dev.rung.halving.Rung;

/**
 * The entries of a rung in order of arrival.
 *
 * @param flags 1: promoted; 2: open; 4: promoted whatever its rank
 */
@SuppressWarnings("ArrayRecordComponent") // Columns are never compared.
public record RungColumns(int[] trial, double[] loss, int[] flags) {
  private static final int PROMOTED = 1;
  private static final int OPEN = 2;
  private static final int CARRIED = 4;

  static RungColumns of(Rung rung) {
    int[] trials = rung.trialsByArrival();
    double[] loss = new double[trials.length];
    int[] flags = new int[trials.length];
    for (int i = 0; i < trials.length; i++) {
      loss[i] = rung.loss(trials[i]);
      flags[i] = flags(rung, trials[i]);
    }
    return new RungColumns(trials, loss, flags);
  }

  private static int flags(Rung rung, int trial) {
    int open = rung.isOpen(trial) ? OPEN : 0;
    if (!rung.isPromoted(trial)) {
      return open;
    }
    return open | (rung.hasEarned(trial) ? PROMOTED : PROMOTED | CARRIED);
  }

  void restoreInto(Rung rung) {
    for (int i = 0; i < trial.length; i++) {
      rung.insert(trial[i], loss[i]);
      if ((flags[i] & PROMOTED) != 0) {
        rung.promote(trial[i], (flags[i] & CARRIED) == 0);
      }
      rung.setOpen(trial[i], (flags[i] & OPEN) != 0);
    }
  }
}
