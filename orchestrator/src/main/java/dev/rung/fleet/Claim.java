package dev.rung.fleet;

import dev.rung.fleet.Matcher.Need;
import dev.rung.fleet.Matcher.Offer;
import dev.rung.study.SlotGroup;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

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

  /** Trials of each group that have no slots yet. */
  private final int[] left;

  private @Nullable Place next;
  private boolean hasNone;

  /**
   * Where the next trial could begin.
   *
   * @param group index of its group
   * @param offers of one node
   * @param needed how many of them it takes
   * @param best whether no other node would be better for it
   */
  record Place(int group, List<Offer> offers, int needed, boolean best) {
    String pool() {
      return offers.get(0).pool();
    }

    /** Whether it can begin; else the slots are held back until there are enough. */
    boolean isEnough() {
      return offers.size() == needed;
    }
  }

  /**
   * A claim of which nothing is met.
   *
   * @param slots of all nodes, free and busy, by pool
   */
  Claim(Need need, Map<String, Integer> slots) {
    this.need = need;
    this.slots = slots;
    this.held = new HashMap<>(need.held());
    this.left = need.groups().stream().mapToInt(SlotGroup::count).toArray();
  }

  /** Slots that its trials could still use on any nodes. */
  int left() {
    long sum = 0;
    for (int i = 0; i < left.length; i++) {
      SlotGroup group = need.groups().get(i);
      sum += group.tied() ? 0 : (long) left[i] * group.request().slots();
    }
    return (int) Math.min(Integer.MAX_VALUE, sum);
  }

  /** Where its next trial could begin; null: nowhere, however many slots others take. */
  @Nullable Place next(FreeSlots free) {
    if (!hasNone && (next == null || !free.hasAll(next.offers()))) {
      next = find(free);
      hasNone = next == null;
    }
    return next;
  }

  /**
   * What only one node can do comes first, since others can do the rest, and then what it can do
   * better than they.
   */
  private @Nullable Place find(FreeSlots free) {
    Place tied = find(free, SlotGroup::tied, group -> free.of(group.node()));
    if (tied != null) {
      return tied;
    }
    Place there = find(free, SlotGroup::prefers, group -> free.of(group.node()));
    return there != null && there.isEnough()
        ? there
        : find(free, group -> !group.tied(), group -> free.all());
  }

  private @Nullable Place find(
      FreeSlots free, Predicate<SlotGroup> which, Function<SlotGroup, Collection<Offer>> where) {
    for (int i = 0; i < left.length; i++) {
      SlotGroup group = need.groups().get(i);
      if (left[i] > 0 && which.test(group)) {
        Place place = find(i, group, where.apply(group), free);
        if (place != null) {
          return place;
        }
      }
    }
    return null;
  }

  private @Nullable Place find(int index, SlotGroup group, Iterable<Offer> offers, FreeSlots free) {
    int needed = group.request().slots();
    Place most = null;
    for (Offer offer : offers) {
      if (!need.takes(offer, group) || offer.of() < needed) {
        continue;
      }
      boolean best = !group.prefers() || group.node().equals(offer.node());
      if (needed == 1) {
        return new Place(index, List.of(offer), 1, best);
      }
      List<Offer> together = free.of(offer.node());
      if (together.size() >= needed) {
        return new Place(index, new ArrayList<>(together.subList(0, needed)), needed, best);
      }
      if (most == null || together.size() > most.offers().size()) {
        most = new Place(index, together, needed, best);
      }
    }
    return most;
  }

  /** Whether a trial without a slot could use one of these. */
  boolean couldUse(List<Offer> offers) {
    for (int i = 0; i < left.length; i++) {
      SlotGroup group = need.groups().get(i);
      if (left[i] > 0 && offers.stream().anyMatch(offer -> need.takes(offer, group))) {
        return true;
      }
    }
    return false;
  }

  /** Whether it is this claim's turn before it is another's, each for a slot of a pool. */
  boolean isBefore(String pool, Claim other, String otherPool) {
    return need.priority() != other.need.priority()
        ? need.priority() > other.need.priority()
        : with(pool) < other.with(otherPool);
  }

  void take(Place place) {
    left[place.group()]--;
    held.merge(place.pool(), place.needed(), Integer::sum);
    next = null;
  }

  /** The group waits for the slots that are held back for it. */
  void hold(Place place) {
    left[place.group()] = 0;
    next = null;
  }

  /** Takes a slot that is in use. */
  void take(String pool) {
    for (int i = 0; i < left.length; i++) {
      if (left[i] > 0 && !need.groups().get(i).tied()) {
        left[i]--;
        break;
      }
    }
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
