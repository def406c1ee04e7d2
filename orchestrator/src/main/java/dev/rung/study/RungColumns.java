package dev.rung.study;

import dev.rung.halving.Rung;

/**
 * The entries of a rung in order of arrival.
 *
 * @param flags 1: promoted; 2: open
 */
@SuppressWarnings("ArrayRecordComponent") // Columns are never compared.
public record RungColumns(int[] trial, double[] loss, int[] flags) {
  private static final int PROMOTED = 1;
  private static final int OPEN = 2;

  static RungColumns of(Rung rung) {
    int[] trials = rung.trialsByArrival();
    double[] loss = new double[trials.length];
    int[] flags = new int[trials.length];
    for (int i = 0; i < trials.length; i++) {
      loss[i] = rung.loss(trials[i]);
      flags[i] = (rung.isPromoted(trials[i]) ? PROMOTED : 0) | (rung.isOpen(trials[i]) ? OPEN : 0);
    }
    return new RungColumns(trials, loss, flags);
  }

  Rung restore() {
    Rung rung = Rung.of(1);
    for (int i = 0; i < trial.length; i++) {
      rung.insert(trial[i], loss[i]);
      if ((flags[i] & PROMOTED) != 0) {
        rung.promote(trial[i]);
      }
      rung.setOpen(trial[i], (flags[i] & OPEN) != 0);
    }
    return rung;
  }
}
