package dev.rung.fleet;

import dev.rung.fleet.Matcher.Offer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Slots that nobody has been given yet while they are shared: the oldest first, and before all of
 * them those of nodes that no trial has a special use for.
 */
final class FreeSlots {
  private final Set<Offer> offers;
  private final Map<String, Set<Offer>> byNode = new LinkedHashMap<>();

  /**
   * All of these.
   *
   * @param special nodes that some trials would rather have than others
   */
  FreeSlots(Collection<Offer> offers, Set<String> special) {
    this.offers = new LinkedHashSet<>();
    offers.stream().filter(offer -> !special.contains(offer.node())).forEach(this.offers::add);
    this.offers.addAll(offers);
    for (Offer offer : offers) {
      byNode.computeIfAbsent(offer.node(), node -> new LinkedHashSet<>()).add(offer);
    }
  }

  /** All of them. */
  Collection<Offer> all() {
    return offers;
  }

  /** Those of a node. */
  List<Offer> of(String node) {
    return new ArrayList<>(byNode.getOrDefault(node, Set.of()));
  }

  boolean hasAll(Collection<Offer> some) {
    return offers.containsAll(some);
  }

  void take(Collection<Offer> some) {
    for (Offer offer : some) {
      offers.remove(offer);
      byNode.getOrDefault(offer.node(), Set.of()).remove(offer);
    }
  }
}
