package dev.rung.fleet;

import dev.rung.fleet.Matcher.Need;
import dev.rung.fleet.Matcher.Offer;
import java.util.HashMap;
import java.util.Map;

/**
 * A study's claim to slots while they are shared. What it holds is measured by its share of the
 * dominant resource by weight (Ghodsi et al., Dominant Resource Fairness, NSDI 2011, section 4.1),
 * where each pool of nodes is a resource. A slot counts by its middle, so that what does not come
 * out even is rounded and favours neither small nor large weights (Sainte-Lague).
 */
final class Claim {
  private static final double HALF = 0.5;

  final Need need;
  private final Map<String, Integer> slots;
  private final Map<String, Integer> held;
  private final Map<String, Integer> tied;
  private int left;

  /**
   * A claim of which nothing is met.
   *
   * @param slots of all nodes, free and busy, by pool
   */
  Claim(Need need, Map<String, Integer> slots) {
    this.need = need;
    this.slots = slots;
    this.held = new HashMap<>(need.held());
    this.left = need.count();
    this.tied = new HashMap<>(need.tied());
  }

  /** Slots that it could still use. */
  int left() {
    return left;
  }

  boolean wants(Offer offer) {
    return (left > 0 || tied.containsKey(offer.slot().node())) && need.takes(offer);
  }

  /** Whether a slot of a pool is its turn before it is another's. */
  boolean isBefore(Claim other, String pool) {
    return need.priority() != other.need.priority()
        ? need.priority() > other.need.priority()
        : with(pool) < other.with(pool);
  }

  /** Takes a slot: what only its node can do comes first, since others can do the rest. */
  void take(Offer offer) {
    Integer bound = tied.get(offer.slot().node());
    if (bound == null) {
      take(offer.pool());
      return;
    }
    if (bound == 1) {
      tied.remove(offer.slot().node());
    } else {
      tied.put(offer.slot().node(), bound - 1);
    }
    held.merge(offer.pool(), 1, Integer::sum);
  }

  void take(String pool) {
    left--;
    held.merge(pool, 1, Integer::sum);
  }

  void give(String pool) {
    held.merge(pool, -1, Integer::sum);
    held.remove(pool, 0);
  }

  boolean holds(String pool) {
    return held.containsKey(pool);
  }

  boolean holdsNothing() {
    return held.isEmpty();
  }

  /** Its share in the middle of the slot that it would take next. */
  double with(String pool) {
    return share(pool, HALF);
  }

  /** Its share in the middle of the slot that it took last. */
  double without(String pool) {
    return share(pool, -HALF);
  }

  private double share(String pool, double more) {
    double share = part(pool, held.getOrDefault(pool, 0) + more);
    for (Map.Entry<String, Integer> entry : held.entrySet()) {
      if (!entry.getKey().equals(pool)) {
        share = Math.max(share, part(entry.getKey(), entry.getValue()));
      }
    }
    return share / need.weight();
  }

  private double part(String pool, double count) {
    // What is held in a pool that has just gone is all of it.
    return count / Math.max(1, slots.getOrDefault(pool, 0));
  }
}
