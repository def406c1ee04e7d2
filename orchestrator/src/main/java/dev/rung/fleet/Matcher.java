package dev.rung.fleet;

import dev.rung.study.Slot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Shares free slots among studies. The higher priority comes first; among equals the lowest share
 * of the dominant resource by weight (Ghodsi et al., Dominant Resource Fairness, NSDI 2011, section
 * 4.3), where each pool of nodes is a resource; then who has waited longest.
 */
public final class Matcher {
  private Matcher() {}

  /**
   * A free slot.
   *
   * @param kinds of trainer that its node has
   * @param pool that its node belongs to
   */
  public record Offer(Slot slot, Set<String> kinds, String pool) {
    /** Copies the kinds. */
    public Offer {
      kinds = Set.copyOf(kinds);
    }
  }

  /**
   * What a study needs.
   *
   * @param kind of trainer
   * @param count slots that it could use at once on any nodes
   * @param excluded nodes whose slots it does not take
   * @param priority higher comes first
   * @param weight from 1: of two studies that could use every slot, one with twice the weight holds
   *     twice the slots
   * @param held slots that it holds, by pool
   * @param tied slots that it could use beside the count, by the node that they must be on
   */
  public record Need(
      String study,
      String kind,
      int count,
      Set<String> excluded,
      int priority,
      int weight,
      Map<String, Integer> held,
      Map<String, Integer> tied) {
    /** Copies the pools. */
    public Need {
      held = Map.copyOf(held);
      tied = Map.copyOf(tied);
    }

    /** Of slots on any nodes. */
    public Need(
        String study,
        String kind,
        int count,
        Set<String> excluded,
        int priority,
        int weight,
        Map<String, Integer> held) {
      this(study, kind, count, excluded, priority, weight, held, Map.of());
    }

    /** Whether it needs anything. */
    boolean isOpen() {
      return count > 0 || !tied.isEmpty();
    }

    boolean takes(Offer offer) {
      return offer.kinds().contains(kind) && !excluded.contains(offer.slot().node());
    }
  }

  /** An offer for a study. */
  public record Match(Offer offer, String study) {}

  /**
   * Gives each offer, the oldest first, to the study whose turn it is.
   *
   * @param offers the oldest first
   * @param needs the longest waiting first
   * @param slots of all nodes, free and busy, by pool
   */
  public static List<Match> match(
      List<Offer> offers, List<Need> needs, Map<String, Integer> slots) {
    List<Claim> claims = needs.stream().map(need -> new Claim(need, slots)).toList();
    List<Match> matches = new ArrayList<>();
    for (Offer offer : offers) {
      Claim first = null;
      for (Claim claim : claims) {
        if (claim.wants(offer) && (first == null || claim.isBefore(first))) {
          first = claim;
        }
      }
      if (first != null) {
        first.take(offer);
        matches.add(new Match(offer, first.need.study()));
      }
    }
    return matches;
  }

  /** A need, of which a part is met. */
  private static final class Claim {
    final Need need;
    private final Map<String, Integer> slots;
    private final Map<String, Integer> held;
    private int left;
    private final Map<String, Integer> tied;

    /** Of the dominant resource, by weight. */
    private double share;

    Claim(Need need, Map<String, Integer> slots) {
      this.need = need;
      this.slots = slots;
      this.held = new HashMap<>(need.held());
      this.left = need.count();
      this.tied = new HashMap<>(need.tied());
      held.keySet().forEach(this::dominate);
    }

    boolean wants(Offer offer) {
      return (left > 0 || tied.containsKey(offer.slot().node())) && need.takes(offer);
    }

    boolean isBefore(Claim other) {
      return need.priority() != other.need.priority()
          ? need.priority() > other.need.priority()
          : share < other.share;
    }

    void take(Offer offer) {
      // What only this node can do comes first: others can do the rest.
      Integer bound = tied.get(offer.slot().node());
      if (bound == null) {
        left--;
      } else if (bound == 1) {
        tied.remove(offer.slot().node());
      } else {
        tied.put(offer.slot().node(), bound - 1);
      }
      held.merge(offer.pool(), 1, Integer::sum);
      dominate(offer.pool());
    }

    private void dominate(String pool) {
      // What is held in a pool that has just gone is all of it.
      int all = Math.max(1, slots.getOrDefault(pool, 0));
      double part = (double) held.getOrDefault(pool, 0) / all / need.weight();
      share = Math.max(share, part);
    }
  }
}
