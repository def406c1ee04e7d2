package dev.rung.fleet;

import dev.rung.fleet.Balance.Traits;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Which slots there are and who holds them, by pool. Nodes say it, and say it again. */
final class Holdings {
  private record Node(String pool, Traits traits, Map<String, Integer> held) {}

  private final Map<String, Node> nodes = new HashMap<>();
  private final Map<String, Integer> slots = new HashMap<>();
  private final Map<String, Map<String, Integer>> byStudy = new HashMap<>();

  /**
   * All that is known of a node from now on.
   *
   * @param held slots by study
   */
  void put(String node, String pool, Traits traits, Map<String, Integer> held) {
    remove(node);
    nodes.put(node, new Node(pool, traits, new HashMap<>(held)));
    add(slots, pool, traits.slots());
    held.forEach((study, holds) -> add(study, pool, holds));
  }

  /** A node that is known holds so many slots for a study. */
  void hold(String node, String study, int count) {
    Node known = nodes.get(node);
    if (known != null) {
      Integer before = count == 0 ? known.held().remove(study) : known.held().put(study, count);
      add(study, known.pool(), count - (before == null ? 0 : before));
    }
  }

  /** A node that is known is to hold one slot more for a study, or one less. */
  void change(String node, String study, int by) {
    Node known = nodes.get(node);
    if (known != null) {
      hold(node, study, Math.max(0, known.held().getOrDefault(study, 0) + by));
    }
  }

  /** A node is gone. */
  void remove(String node) {
    Node known = nodes.remove(node);
    if (known != null) {
      add(slots, known.pool(), -known.traits().slots());
      known.held().forEach((study, count) -> add(study, known.pool(), -count));
    }
  }

  /** Slots of all nodes, by pool. */
  Map<String, Integer> slots() {
    return Map.copyOf(slots);
  }

  /** What distinguishes the nodes, by pool. */
  Map<String, Set<Traits>> traits() {
    Map<String, Set<Traits>> traits = new TreeMap<>();
    for (Node node : nodes.values()) {
      traits.computeIfAbsent(node.pool(), pool -> new HashSet<>()).add(node.traits());
    }
    return traits;
  }

  /** Slots that a study holds, by pool. */
  Map<String, Integer> of(String study) {
    return Map.copyOf(byStudy.getOrDefault(study, Map.of()));
  }

  /** Slots of a node that a study holds. */
  int on(String node, String study) {
    Node known = nodes.get(node);
    return known == null ? 0 : known.held().getOrDefault(study, 0);
  }

  /** Slots that a study holds. */
  int count(String study) {
    return byStudy.getOrDefault(study, Map.of()).values().stream()
        .mapToInt(Integer::intValue)
        .sum();
  }

  private void add(String study, String pool, int count) {
    Map<String, Integer> pools = byStudy.computeIfAbsent(study, s -> new HashMap<>());
    add(pools, pool, count);
    if (pools.isEmpty()) {
      byStudy.remove(study);
    }
  }

  private static void add(Map<String, Integer> counts, String pool, int count) {
    counts.merge(pool, count, Integer::sum);
    counts.remove(pool, 0);
  }
}
