package dev.rung.fleet;

import dev.rung.study.Slot;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Matches offers to demand, first come, first served. */
public final class Matcher {
  private Matcher() {}

  /**
   * A free slot.
   *
   * @param kinds of trainer that its node has
   */
  public record Offer(Slot slot, Set<String> kinds) {
    /** Copies the kinds. */
    public Offer {
      kinds = Set.copyOf(kinds);
    }
  }

  /**
   * What a study needs.
   *
   * @param kind of trainer
   * @param count slots that it could use at once
   * @param excluded nodes whose slots it does not take
   */
  public record Need(String study, String kind, int count, Set<String> excluded) {
    boolean takes(Offer offer) {
      return offer.kinds().contains(kind) && !excluded.contains(offer.slot().node());
    }
  }

  /** An offer for a study. */
  public record Match(Offer offer, String study) {}

  /**
   * Gives each offer, the oldest first, to the study that has waited longest for its kind.
   *
   * @param offers the oldest first
   * @param needs the longest waiting first
   */
  public static List<Match> match(List<Offer> offers, List<Need> needs) {
    Map<String, Integer> left = new HashMap<>();
    needs.forEach(need -> left.put(need.study(), need.count()));
    List<Match> matches = new ArrayList<>();
    for (Offer offer : offers) {
      for (Need need : needs) {
        if (left.getOrDefault(need.study(), 0) > 0 && need.takes(offer)) {
          left.merge(need.study(), -1, Integer::sum);
          matches.add(new Match(offer, need.study()));
          break;
        }
      }
    }
    return matches;
  }
}
