package dev.rung.study;

import dev.rung.halving.Rung;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/**
 * The entries of a rung in order of arrival.
 *
 * @param loss of the first objective
 * @param flags 1: promoted; 2: open; 4: promoted whatever its rank
 * @param losses of all objectives, entry by entry, where there are several; else empty
 * @param violation of the constraints; empty: all are met
 * @param cost of the trial until here; empty: none is known
 */
@SuppressWarnings("ArrayRecordComponent") // Columns are never compared.
public record RungColumns(
    int[] trial,
    double[] loss,
    int[] flags,
    Optional<double[]> losses,
    Optional<double[]> violation,
    Optional<double[]> cost) {
  private static final int PROMOTED = 1;
  private static final int OPEN = 2;
  private static final int CARRIED = 4;

  static RungColumns of(Rung rung) {
    int[] trials = rung.trialsByArrival();
    return new RungColumns(
        trials,
        IntStream.of(trials).mapToDouble(rung::loss).toArray(),
        IntStream.of(trials).map(trial -> flags(rung, trial)).toArray(),
        rung.objectives() == 1
            ? Optional.empty()
            : Optional.of(
                IntStream.of(trials)
                    .boxed()
                    .flatMapToDouble(t -> Arrays.stream(rung.losses(t)))
                    .toArray()),
        unlessZero(trials, trial -> rung.violation(trial)),
        unlessZero(trials, trial -> rung.cost(trial)));
  }

  private static Optional<double[]> unlessZero(int[] trials, ToDoubleFunction<Integer> column) {
    double[] values = IntStream.of(trials).boxed().mapToDouble(column).toArray();
    boolean allZero = Arrays.stream(values).allMatch(value -> value == 0);
    return allZero ? Optional.empty() : Optional.of(values);
  }

  private static int flags(Rung rung, int trial) {
    int open = rung.isOpen(trial) ? OPEN : 0;
    if (!rung.isPromoted(trial)) {
      return open;
    }
    return open | (rung.hasEarned(trial) ? PROMOTED : PROMOTED | CARRIED);
  }

  void restoreInto(Rung rung) {
    int width = rung.objectives();
    for (int i = 0; i < trial.length; i++) {
      double[] own = new double[width];
      for (int k = 0; k < width; k++) {
        own[k] = losses.isPresent() ? losses.get()[i * width + k] : loss[i];
      }
      int entry = i;
      rung.insert(
          trial[i],
          own,
          violation.map(column -> column[entry]).orElse(0.0),
          cost.map(column -> column[entry]).orElse(0.0));
      if ((flags[i] & PROMOTED) != 0) {
        rung.promote(trial[i], (flags[i] & CARRIED) == 0);
      }
      rung.setOpen(trial[i], (flags[i] & OPEN) != 0);
    }
  }
}
