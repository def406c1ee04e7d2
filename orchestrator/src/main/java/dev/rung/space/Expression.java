package dev.rung.space;

import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/** A condition or a formula of the parameters of a space, as its author wrote it. */
public interface Expression {

  /** Its text, which is what is stored of it. */
  String source();

  /** The parameters that it names. */
  Set<String> names();

  /**
   * Whether it is true.
   *
   * @param values of the active parameters, by name. What it says of the others is unknown, and a
   *     condition that is neither true nor false for that reason does not hold. One that fails, for
   *     instance by a division by zero, does not hold either.
   */
  boolean holds(Map<String, Value> values);

  /**
   * What it comes to.
   *
   * @param values of the active parameters, by name
   * @return empty: it is no finite number, or hangs on a parameter that is not active, or fails
   */
  OptionalDouble number(Map<String, Value> values);
}
