package dev.rung.space;

import java.util.List;

/**
 * One point of a search space.
 *
 * @param values a value for each parameter, in the order of the space
 */
public record Assignment(List<Value> values) {

  /** Copies the values. */
  public Assignment {
    values = List.copyOf(values);
  }
}
