package dev.rung.study;

import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a trial needs of the node that it is trained on.
 *
 * @param slots of the same node, from 1
 * @param labels that the node must have, with these values
 * @param least what the node's labels, read as numbers, must at least be
 */
public record SlotRequest(int slots, Map<String, String> labels, Map<String, Double> least) {
  /** One slot of any node. */
  public static final SlotRequest PLAIN = new SlotRequest(1, Map.of(), Map.of());

  /** Copies the labels. */
  public SlotRequest {
    labels = Map.copyOf(labels);
    least = Map.copyOf(least);
  }

  /** Whether a node with some labels can train it, if it has slots enough. */
  public boolean fits(Map<String, String> node) {
    return labels.entrySet().stream()
            .allMatch(label -> label.getValue().equals(node.get(label.getKey())))
        && least.entrySet().stream()
            .allMatch(bound -> number(node.get(bound.getKey())) >= bound.getValue());
  }

  /** A label as a number; one that is none, or is not there, is less than every number. */
  private static double number(@Nullable String label) {
    try {
      double number = label == null ? Double.NaN : Double.parseDouble(label);
      return Double.isNaN(number) ? Double.NEGATIVE_INFINITY : number;
    } catch (NumberFormatException notANumber) {
      return Double.NEGATIVE_INFINITY;
    }
  }

  /** For people, for instance "2 slots of one node with gpu=a100 and memory_gb of at least 24". */
  public String text() {
    StringBuilder text = new StringBuilder(slots == 1 ? "a slot" : slots + " slots");
    String with = slots == 1 ? " of a node with " : " of one node with ";
    for (Map.Entry<String, String> label : new TreeMap<>(labels).entrySet()) {
      text.append(with).append(label.getKey()).append('=').append(label.getValue());
      with = " and ";
    }
    for (Map.Entry<String, Double> bound : new TreeMap<>(least).entrySet()) {
      text.append(with).append(bound.getKey()).append(" of at least ");
      text.append(Reasons.number(bound.getValue()));
      with = " and ";
    }
    boolean isPlain = labels.isEmpty() && least.isEmpty();
    return text + (slots > 1 && isPlain ? " of one node" : "");
  }
}
