package dev.rung.study;

import java.util.Collection;
import java.util.List;
import java.util.Map;

/** How attempts ended on the nodes, as columns in the order of the state. */
@SuppressWarnings("ArrayRecordComponent") // Columns are never compared.
public record NodeColumns(List<String> name, int[] failures, int[] count, long[] excludedUntil) {

  static NodeColumns of(Map<String, NodeRecord> nodes) {
    Collection<NodeRecord> records = nodes.values();
    return new NodeColumns(
        List.copyOf(nodes.keySet()),
        records.stream().mapToInt(node -> node.failures).toArray(),
        records.stream().mapToInt(node -> node.count).toArray(),
        records.stream().mapToLong(node -> node.excludedUntil).toArray());
  }

  void restore(Map<String, NodeRecord> nodes) {
    for (int i = 0; i < name.size(); i++) {
      NodeRecord node = new NodeRecord();
      node.failures = failures[i];
      node.count = count[i];
      node.excludedUntil = excludedUntil[i];
      nodes.put(name.get(i), node);
    }
  }
}
