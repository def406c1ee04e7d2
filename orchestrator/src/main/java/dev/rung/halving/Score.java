package dev.rung.halving;

import java.util.List;

/**
 * What a trial is judged by at one point.
 *
 * @param values of the objectives in their order, as the trainer sent them
 * @param violation by how much the constraints are missed; 0: they are met
 */
public record Score(List<Double> values, double violation) {

  /** Copies the values. */
  public Score {
    values = List.copyOf(values);
  }

  /** The value of one objective, without constraints. */
  public static Score of(double value) {
    return new Score(List.of(value), 0);
  }

  /** The value of the first objective. */
  public double value() {
    return values.get(0);
  }

  /** Whether there is one value and no constraint is missed. */
  public boolean isPlain() {
    return values.size() == 1 && violation == 0;
  }

  /** Whether every value is a finite number. */
  public boolean isFinite() {
    // Asked several times for every point: no stream is made.
    for (double value : values) {
      if (!Double.isFinite(value)) {
        return false;
      }
    }
    return true;
  }
}
