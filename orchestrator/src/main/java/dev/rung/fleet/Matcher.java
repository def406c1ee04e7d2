package dev.rung.fleet;

import dev.rung.study.Slot;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Shares free slots among studies. The higher priority comes first; among equals the lowest share
 * of the dominant resource by weight, as {@link Claim} measures it; then who has waited longest.
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
        if (claim.wants(offer) && (first == null || claim.isBefore(first, offer.pool()))) {
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
}
