package dev.rung.study;

import dev.rung.space.Expression;
import dev.rung.space.Value;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What the trials of a study need of the nodes that they are trained on, which may hang on what is
 * searched: a small setting needs no large GPU.
 *
 * @param slots of the same node; what is below 1, or cannot be computed, is 1
 * @param labels that the node must have, with these values
 * @param least what the node's labels, read as numbers, must at least be; what cannot be computed
 *     asks for nothing
 */
public record Needs(Amount slots, Map<String, String> labels, Map<String, Amount> least) {
  /** Most slots of a trial; no node has more. */
  public static final int MOST_SLOTS = 4_096;

  /** Copies the labels. */
  public Needs {
    labels = Map.copyOf(labels);
    least = Map.copyOf(least);
  }

  /**
   * A number, or a formula of parameters that gives it.
   *
   * @param fixed the number where there is no formula
   */
  public record Amount(double fixed, Optional<Expression> formula) {
    /** A number. */
    public static Amount of(double number) {
      return new Amount(number, Optional.empty());
    }

    double of(Map<String, Value> active, double otherwise) {
      return formula.isEmpty() ? fixed : formula.get().number(active).orElse(otherwise);
    }
  }

  /**
   * What a trial needs.
   *
   * @param active values of its active parameters, by name
   */
  public SlotRequest of(Map<String, Value> active) {
    double count = Math.ceil(slots.of(active, 1));
    Map<String, Double> bounds = new TreeMap<>();
    least.forEach((label, amount) -> {
      double bound = amount.of(active, Double.NEGATIVE_INFINITY);
      if (bound > Double.NEGATIVE_INFINITY) {
        bounds.put(label, bound);
      }
    });
    return new SlotRequest((int) Math.clamp(count, 1, MOST_SLOTS), labels, bounds);
  }
}
