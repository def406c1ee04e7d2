package dev.rung.fleet;

import dev.rung.study.Slot;
import dev.rung.study.SlotGroup;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

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
   * @param labels of its node
   * @param of slots of its node, free and busy
   * @param hourPrice money that it costs an hour; 0 where unknown
   */
  public record Offer(
      Slot slot,
      Set<String> kinds,
      String pool,
      Map<String, String> labels,
      int of,
      double hourPrice) {
    /** Copies the collections. */
    public Offer {
      kinds = Set.copyOf(kinds);
      labels = Map.copyOf(labels);
    }

    /** The only slot of a node without labels. */
    public Offer(Slot slot, Set<String> kinds, String pool) {
      this(slot, kinds, pool, Map.of(), 1, 0);
    }

    String node() {
      return slot.node();
    }
  }

  /**
   * What a study needs.
   *
   * @param kind of trainer
   * @param groups of trials that could begin, those first that are to begin first
   * @param excluded nodes whose slots it does not take
   * @param priority higher comes first
   * @param weight from 1: of two studies that could use every slot, one with twice the weight holds
   *     twice the slots
   * @param held slots that it holds, by pool
   */
  public record Need(
      String study,
      String kind,
      List<SlotGroup> groups,
      Set<String> excluded,
      int priority,
      int weight,
      Map<String, Integer> held) {
    /** Copies the collections. */
    public Need {
      groups = List.copyOf(groups);
      held = Map.copyOf(held);
    }

    /** Of trials that any slot will do for. */
    public Need(
        String study,
        String kind,
        int count,
        Set<String> excluded,
        int priority,
        int weight,
        Map<String, Integer> held) {
      this(
          study,
          kind,
          count == 0 ? List.of() : List.of(SlotGroup.anywhere(count)),
          excluded,
          priority,
          weight,
          held);
    }

    /** Whether a node has what every trial needs. */
    boolean takes(Offer offer) {
      return offer.kinds().contains(kind) && !excluded.contains(offer.node());
    }

    /** Whether a node has what the trials of a group need, if it has slots enough. */
    boolean takes(Offer offer, SlotGroup group) {
      return takes(offer)
          && (!group.tied() || group.node().equals(offer.node()))
          && group.request().fits(offer.labels());
    }
  }

  /**
   * Slots of one node for one trial of a study.
   *
   * @param offers at least one; as many as the trial needs
   */
  public record Match(List<Offer> offers, String study) {
    /** Copies the offers. */
    public Match {
      offers = List.copyOf(offers);
    }

    /** A single slot. */
    public Match(Offer offer, String study) {
      this(List.of(offer), study);
    }

    /** The slot that the trial is told of. */
    public Offer offer() {
      return offers.get(0);
    }
  }

  /**
   * What is given, and what is not given yet.
   *
   * @param lingering studies of which a trial could begin, but waits a moment for the node that
   *     trained it last
   */
  public record Shared(List<Match> matches, Set<String> lingering) {
    static final Shared NOTHING = new Shared(List.of(), Set.of());

    /** Copies the collections. */
    public Shared {
      matches = List.copyOf(matches);
      lingering = Set.copyOf(lingering);
    }
  }

  /**
   * Gives slots to studies whose trials wait for no better one.
   *
   * @param offers the oldest first
   * @param needs the longest waiting first
   * @param slots of all nodes, free and busy, by pool
   */
  public static List<Match> match(
      List<Offer> offers, List<Need> needs, Map<String, Integer> slots) {
    Set<String> all = needs.stream().map(Need::study).collect(Collectors.toSet());
    return share(offers, needs, slots, all).matches();
  }

  /**
   * Gives slots, the oldest first, to the study whose turn it is. Where the next trial of that
   * study needs more slots of a node than are free together, those that are free on one are held
   * back for it, so that smaller trials do not take them for ever. A trial that would rather go on
   * at another node waits for that one as long as nobody else could use its slot.
   *
   * @param offers the oldest first
   * @param needs the longest waiting first
   * @param slots of all nodes, free and busy, by pool
   * @param waited studies whose trials have waited long enough for the nodes that they prefer
   */
  static Shared share(
      List<Offer> offers, List<Need> needs, Map<String, Integer> slots, Set<String> waited) {
    FreeSlots free = new FreeSlots(offers, special(needs));
    List<Claim> claims = needs.stream().map(need -> new Claim(need, slots)).toList();
    List<Match> matches = new ArrayList<>();
    List<Match> worse = new ArrayList<>();
    for (Turn turn = next(claims, free); turn != null; turn = next(claims, free)) {
      Claim.Place place = turn.place();
      free.take(place.offers());
      if (place.isEnough()) {
        turn.claim().take(place);
        Match match = new Match(place.offers(), turn.claim().need.study());
        boolean mayWait = !place.best() && !waited.contains(match.study());
        (mayWait ? worse : matches).add(match);
      } else {
        turn.claim().hold(place);
      }
    }
    Set<String> lingering = new HashSet<>();
    for (Match match : worse) {
      if (claims.stream().anyMatch(claim -> claim.couldUse(match.offers()))) {
        matches.add(match);
      } else {
        lingering.add(match.study());
      }
    }
    return new Shared(matches, lingering);
  }

  private static Set<String> special(List<Need> needs) {
    Set<String> nodes = new HashSet<>();
    needs.forEach(need -> need.groups().forEach(group -> nodes.add(group.node())));
    return nodes;
  }

  /** Whose turn it is, and where its next trial could begin. */
  private record Turn(Claim claim, Claim.Place place) {
    boolean isBefore(Turn other) {
      return claim.isBefore(place.pool(), other.claim, other.place.pool());
    }
  }

  private static @Nullable Turn next(List<Claim> claims, FreeSlots free) {
    Turn first = null;
    for (Claim claim : claims) {
      Claim.Place place = claim.next(free);
      if (place != null) {
        Turn turn = new Turn(claim, place);
        first = first == null || turn.isBefore(first) ? turn : first;
      }
    }
    return first;
  }
}
