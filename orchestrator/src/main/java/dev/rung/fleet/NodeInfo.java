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
 * @param gpus what those that its trials use do now; empty: it does not say
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
    String software,
    List<GpuReading> gpus) {
  /** Copies the collections. */
  public NodeInfo {
    kinds = List.copyOf(kinds);
    labels = Map.copyOf(labels);
    gpus = List.copyOf(gpus);
  }

  /** A node that says nothing of GPUs. */
  public NodeInfo(
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
    this(name, slots, busy, kinds, pool, labels, slotHourPrice, draining, pid, software, List.of());
  }

  /** The same with what its GPUs do. */
  public NodeInfo withGpus(List<GpuReading> readings) {
    return new NodeInfo(
        name, slots, busy, kinds, pool, labels, slotHourPrice, draining, pid, software, readings);
  }
}
