package dev.rung.fleet;

import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How a study fares in the fleet.
 *
 * @param shortage what its trials need that no connected node has, in words; empty: nothing, or not
 *     for long
 * @param speed of the slots that it holds together, in steps a second of its own unit; empty: it
 *     holds none, or has trained nothing lately
 */
public record Prospect(Optional<String> shortage, OptionalDouble speed) {
  /** Nothing is known. */
  public static final Prospect UNKNOWN = new Prospect(Optional.empty(), OptionalDouble.empty());
}
