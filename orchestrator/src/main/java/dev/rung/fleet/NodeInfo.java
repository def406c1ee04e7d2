package dev.rung.fleet;

import java.util.List;
import java.util.Map;

/**
 * A connected trainer node.
 *
 * @param slots trials that it can run at the same time
 * @param busy trials that it runs
 * @param kinds of trainer that it has
 * @param pool of nodes that are alike, which it belongs to
 * @param labels what distinguishes its slots
 * @param slotHourPrice money that a slot costs an hour; 0 where unknown
 * @param draining whether it takes no more trials and ends once those that it runs have
 * @param pid process id as the node says it; 0 where unknown
 * @param software name and version, for people
 */
public record NodeInfo(
    String name,
    int slots,
    int busy,
    List<String> kinds,
    String pool,
    Map<String, String> labels,
    double slotHourPrice,
    boolean draining,
    long pid,
    String software) {
  /** Copies the collections. */
  public NodeInfo {
    kinds = List.copyOf(kinds);
    labels = Map.copyOf(labels);
  }
}
