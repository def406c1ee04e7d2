package dev.rung.study;

import java.util.Map;

/**
 * A point that is judged with metrics from outside.
 *
 * @param step of the point
 * @param rung index of the rung that it has reached
 * @param known what is known of what the trial is judged by
 * @param judged whether everything was there and has entered the rung
 */
public record Awaited(long step, int rung, Map<String, Double> known, boolean judged) {

  /** Copies the metrics. */
  public Awaited {
    known = Map.copyOf(known);
  }
}
