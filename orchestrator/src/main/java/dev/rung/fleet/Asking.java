package dev.rung.fleet;

import dev.rung.fleet.Matcher.Need;
import dev.rung.fleet.Matcher.Offer;
import dev.rung.study.SlotGroup;
import dev.rung.study.SlotRequest;
import dev.rung.study.ToDispatcher;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A study as it was last heard of.
 *
 * @param seen when it was last heard of, in nanoseconds of the monotonic clock
 * @param granted grants that it has not answered yet
 * @param declinedAt its newest event when it last declined
 * @param foreseenAt its newest event when it was last told of slots beyond its demand
 */
record Asking(
    ToDispatcher.Demand demand, long seen, int granted, long declinedAt, long foreseenAt) {
  /** Heard of for the first time, in nanoseconds of the monotonic clock. */
  static Asking first(ToDispatcher.Demand demand, long now) {
    return new Asking(demand, now, 0, -1, -1);
  }

  /**
   * What it needs now.
   *
   * @param takesTrials whether a node may be waited for
   */
  Need need(Map<String, Integer> held, Predicate<String> takesTrials) {
    List<SlotGroup> groups =
        open().stream()
            .map(group ->
                group.prefers()
                        && (!takesTrials.test(group.node())
                            || demand.excluded().contains(group.node()))
                    ? group.anywhere()
                    : group)
            .toList();
    return need(groups, held);
  }

  /** Whether it needs anything now. */
  boolean needsAny() {
    return !open().isEmpty();
  }

  /** Whether its trials can be trained where a slot is. */
  boolean takes(Offer offer) {
    return need(List.of(), Map.of()).takes(offer);
  }

  /** What it could use once its trials are suggested, too. */
  Rebalancer.Party party(Map<String, Integer> held) {
    List<SlotGroup> all = new ArrayList<>(open());
    int ready = all.stream().mapToInt(SlotGroup::count).sum();
    if (demand.more() > 0) {
      SlotRequest usual = all.isEmpty() ? SlotRequest.PLAIN : all.get(all.size() - 1).request();
      all.add(SlotGroup.anywhere(usual, demand.more()));
    }
    return new Rebalancer.Party(need(all, held), ready);
  }

  /** What grants without an answer cannot be for. */
  private List<SlotGroup> open() {
    // A study that declined at its newest event has nothing to do until it says something newer.
    if (declinedAt >= demand.event()) {
      return List.of();
    }
    List<SlotGroup> open = new ArrayList<>();
    int met = granted;
    for (SlotGroup group : demand.groups()) {
      int less = Math.min(met, group.count());
      met -= less;
      boolean mayBeMet = group.tied() && granted > 0;
      if (group.count() > less && !mayBeMet) {
        open.add(group.of(group.count() - less));
      }
    }
    return open;
  }

  private Need need(List<SlotGroup> groups, Map<String, Integer> held) {
    return new Need(
        demand.study(),
        demand.kind(),
        groups,
        demand.excluded(),
        demand.priority(),
        demand.weight(),
        held);
  }

  /** Heard of again. */
  Asking saying(ToDispatcher.Demand newer, long now) {
    return new Asking(newer, now, granted, declinedAt, foreseenAt);
  }

  /** It was given a slot. */
  Asking grantedOneMore() {
    return new Asking(demand, seen, granted + 1, declinedAt, foreseenAt);
  }

  /**
   * It has answered a grant.
   *
   * @param event its newest event where it declined; -1: it uses the slot
   */
  Asking answered(long event) {
    return new Asking(
        demand, seen, Math.max(0, granted - 1), Math.max(event, declinedAt), foreseenAt);
  }

  /** It was told of slots beyond its demand. */
  Asking foreseen() {
    return new Asking(demand, seen, granted, declinedAt, demand.event());
  }
}
