package dev.rung.fleet;

import dev.rung.fleet.Balance.Traits;
import dev.rung.study.SlotGroup;
import dev.rung.study.SlotRequest;
import dev.rung.study.ToDispatcher;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;

/** What the trials of studies need that no connected node has. */
final class Shortage {
  /** Said no sooner, so that it does not come and go with nodes that are about to connect. */
  static final Duration LEAST = Duration.ofSeconds(10);

  private final Map<String, String> texts = new HashMap<>();
  private final Since since = new Since();

  /** What is short now. */
  void note(long now, Collection<Asking> studies, Holdings holdings, Predicate<String> isThere) {
    texts.clear();
    List<Traits> nodes =
        holdings.traits().values().stream().flatMap(Collection::stream).distinct().toList();
    for (Asking asking : studies) {
      of(asking.demand(), nodes, isThere)
          .ifPresent(text -> texts.put(asking.demand().study(), text));
    }
    since.note(now, texts.keySet());
  }

  /** What a study needs in vain, for a while already; empty: nothing. */
  Optional<String> of(String study, long now) {
    return since.lasting(now, LEAST).contains(study)
        ? Optional.ofNullable(texts.get(study))
        : Optional.empty();
  }

  /**
   * What a study needs in vain, for instance "needs 4 slots of one node with gpu=h100; the largest
   * node that fits has 2"; empty: nothing.
   *
   * @param nodes what distinguishes all that are connected
   * @param isThere whether a node is connected
   */
  static Optional<String> of(
      ToDispatcher.Demand demand, List<Traits> nodes, Predicate<String> isThere) {
    if (demand.groups().isEmpty()) {
      return Optional.empty();
    }
    List<Traits> able =
        nodes.stream().filter(node -> node.kinds().contains(demand.kind())).toList();
    if (able.isEmpty()) {
      TreeSet<String> offered = new TreeSet<>();
      nodes.forEach(node -> offered.addAll(node.kinds()));
      return Optional.of(
          "needs a trainer of kind %s; connected nodes offer: %s"
              .formatted(demand.kind(), offered.isEmpty() ? "none" : String.join(", ", offered)));
    }
    String first = "";
    int trials = 0;
    for (SlotGroup group : demand.groups()) {
      String text = group.tied() ? away(group.node(), isThere) : missing(group.request(), able);
      first = first.isEmpty() ? text : first;
      trials += !text.isEmpty() && text.equals(first) ? group.count() : 0;
    }
    if (first.isEmpty()) {
      return Optional.empty();
    }
    String who =
        trials == demand.count()
            ? "needs "
            : trials == 1 ? "1 trial needs " : "%,d trials need ".formatted(trials);
    return Optional.of(who + first);
  }

  private static String away(String node, Predicate<String> isThere) {
    return isThere.test(node)
        ? ""
        : "node %s, whose disk keeps a checkpoint, but it is not connected".formatted(node);
  }

  private static String missing(SlotRequest request, List<Traits> able) {
    int largest =
        able.stream()
            .filter(node -> request.fits(node.labels()))
            .mapToInt(Traits::slots)
            .max()
            .orElse(0);
    return largest >= request.slots()
        ? ""
        : request.text()
            + (largest == 0
                ? "; no connected node fits"
                : "; the largest node that fits has " + largest);
  }
}
