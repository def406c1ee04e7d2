package dev.rung.fleet;

import dev.rung.fleet.Matcher.Need;
import dev.rung.study.SlotGroup;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Says which slots that are in use are to change hands: from the lower priority to the higher, and
 * among equals from who has more than its share to who has less. A slot moves only where the giver
 * then still has at least as much of its share as the taker, so that none moves back.
 */
final class Balance {
  /** Slots that change hands at once; the others do after these. */
  private static final int MOST_MOVES = 1_000;

  /**
   * A slot that is to change hands.
   *
   * @param byPriority whether the taker has the higher priority
   */
  record Move(String from, String to, boolean byPriority) {}

  /**
   * What distinguishes a node.
   *
   * @param kinds of trainer
   * @param slots free and busy
   */
  record Traits(Set<String> kinds, Map<String, String> labels, int slots) {
    /** Copies the collections. */
    Traits {
      kinds = Set.copyOf(kinds);
      labels = Map.copyOf(labels);
    }

    /** Whether a study could have a trial there. */
    boolean suits(Need need) {
      return kinds.contains(need.kind())
          && need.groups().stream()
              .map(SlotGroup::request)
              .anyMatch(request -> request.slots() <= slots && request.fits(labels));
    }
  }

  private final List<Claim> claims;
  private final Set<String> starved;

  /** Pools whose nodes a claim could use. */
  private final Map<Claim, List<String>> pools = new HashMap<>();

  private Balance(List<Claim> claims, Map<String, Set<Traits>> traits, Set<String> starved) {
    this.claims = claims;
    this.starved = starved;
    for (Claim claim : claims) {
      pools.put(
          claim,
          traits.entrySet().stream()
              .filter(pool -> pool.getValue().stream().anyMatch(node -> node.suits(claim.need)))
              .map(Map.Entry::getKey)
              .toList());
    }
  }

  /**
   * The slots that are to change hands, the most urgent first.
   *
   * @param needs of every study, those that need nothing too
   * @param slots of all nodes, free and busy, by pool
   * @param traits of the nodes of each pool
   * @param starved studies that have waited too long for a first slot: each gets one of its equals'
   */
  static List<Move> moves(
      List<Need> needs,
      Map<String, Integer> slots,
      Map<String, Set<Traits>> traits,
      Set<String> starved) {
    return new Balance(
            needs.stream().map(need -> new Claim(need, slots)).toList(),
            traits,
            Set.copyOf(starved))
        .moves();
  }

  private record Way(Claim from, Claim to, String pool) {
    boolean byPriority() {
      return from.need.priority() < to.need.priority();
    }
  }

  private List<Move> moves() {
    List<Move> moves = new ArrayList<>();
    Set<Claim> done = new HashSet<>();
    while (moves.size() < MOST_MOVES) {
      Way way = next(done);
      if (way == null) {
        return moves;
      }
      way.from().give(way.pool());
      way.to().take(way.pool());
      moves.add(new Move(way.from().need.study(), way.to().need.study(), way.byPriority()));
    }
    return moves;
  }

  /** Serves who comes first of those that anything can be done for. */
  private @Nullable Way next(Set<Claim> done) {
    while (true) {
      Claim first = null;
      String pool = "";
      for (Claim claim : claims) {
        if (claim.left() == 0 || done.contains(claim)) {
          continue;
        }
        for (String where : pools(claim)) {
          if (first == null || claim.isBefore(where, first, pool)) {
            first = claim;
            pool = where;
          }
        }
      }
      if (first == null) {
        return null;
      }
      Way way = way(first);
      if (way != null) {
        return way;
      }
      done.add(first);
    }
  }

  private List<String> pools(Claim claim) {
    return pools.getOrDefault(claim, List.of());
  }

  /** Takes from the lowest priority, and there from who has most. */
  private @Nullable Way way(Claim to) {
    Way best = null;
    for (String pool : pools(to)) {
      for (Claim from : claims) {
        if (from != to && from.holds(pool) && mayMove(from, to, pool)) {
          Way way = new Way(from, to, pool);
          best = best == null || isBetter(way, best) ? way : best;
        }
      }
    }
    return best;
  }

  private static boolean isBetter(Way way, Way best) {
    int priority = way.from().need.priority();
    int other = best.from().need.priority();
    return priority != other
        ? priority < other
        : way.from().without(way.pool()) > best.from().without(best.pool());
  }

  private boolean mayMove(Claim from, Claim to, String pool) {
    int gap = to.need.priority() - from.need.priority();
    boolean isFirst = to.holdsNothing() && starved.contains(to.need.study());
    return gap > 0 || (gap == 0 && (isFirst || from.without(pool) > to.with(pool)));
  }
}
