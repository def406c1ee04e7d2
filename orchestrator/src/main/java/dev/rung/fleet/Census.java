package dev.rung.fleet;

import dev.rung.fleet.Matcher.Offer;
import dev.rung.study.ToDispatcher;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Counts the slots that are wanted, free and busy, by kind of trainer. */
final class Census {
  private final Map<String, SlotsWanted> wanted = new TreeMap<>();

  /**
   * Notes what is wanted now.
   *
   * @param now in nanoseconds of the monotonic clock
   */
  void note(long now, Collection<Asking> studies, Holdings holdings) {
    Map<String, Long> could = new TreeMap<>();
    wanted.keySet().forEach(kind -> could.put(kind, 0L));
    for (Asking asking : studies) {
      ToDispatcher.Demand demand = asking.demand();
      long slots = (long) demand.count() + demand.more() + holdings.count(demand.study());
      could.merge(demand.kind(), slots, Long::sum);
    }
    could.forEach((kind, slots) ->
        wanted
            .computeIfAbsent(kind, k -> new SlotsWanted())
            .note(now, (int) Math.min(Integer.MAX_VALUE, slots)));
  }

  /**
   * The counts, by name of the kind.
   *
   * @param nodes all that are connected
   */
  List<SlotCount> count(
      Collection<Asking> studies,
      Holdings holdings,
      Collection<Offer> offers,
      Collection<NodeInfo> nodes) {
    Map<String, Integer> busy = new TreeMap<>();
    for (Asking asking : studies) {
      busy.merge(asking.demand().kind(), holdings.count(asking.demand().study()), Integer::sum);
    }
    Map<String, Integer> free = new TreeMap<>();
    for (Offer offer : offers) {
      offer.kinds().forEach(kind -> free.merge(kind, 1, Integer::sum));
    }
    Set<String> kinds = new TreeSet<>(busy.keySet());
    nodes.forEach(node -> kinds.addAll(node.kinds()));
    kinds.addAll(wanted.keySet());
    return kinds.stream()
        .map(kind ->
            new SlotCount(
                kind,
                wanted.containsKey(kind) ? wanted.get(kind).most() : 0,
                free.getOrDefault(kind, 0),
                busy.getOrDefault(kind, 0)))
        .toList();
  }
}
