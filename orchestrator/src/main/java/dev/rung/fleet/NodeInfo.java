package dev.rung.fleet;

import java.util.List;

/**
 * A connected trainer node.
 *
 * @param slots trials that it can run at the same time
 * @param busy trials that it runs
 * @param kinds of trainer that it has
 * @param pool of nodes that are alike, which it belongs to
 * @param pid process id as the node says it; 0 where unknown
 * @param software name and version, for people
 */
public record NodeInfo(
    String name, int slots, int busy, List<String> kinds, String pool, long pid, String software) {
  /** Copies the kinds. */
  public NodeInfo {
    kinds = List.copyOf(kinds);
  }
}
