package dev.rung.session;

import dev.rung.study.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The slots of a node: each is offered, or holds an attempt. The session is the authority over
 * them: an attempt starts only for an open offer.
 */
final class Slots {
  private final String node;
  private final long incarnation;
  private final String epoch;
  private final int count;
  private final long offerNanos;
  private final Set<AttemptKey> held = new HashSet<>();
  private final Map<String, Integer> heldByStudy = new HashMap<>();

  /**
   * Open offers with the time at which each is withdrawn, in nanoseconds of the monotonic clock.
   */
  private final Map<Slot, Long> open = new HashMap<>();

  private long lastOffer;

  Slots(String node, long incarnation, String epoch, int count, Duration offerTimeout) {
    this.node = node;
    this.incarnation = incarnation;
    this.epoch = epoch;
    this.count = count;
    this.offerNanos = offerTimeout.toNanos();
  }

  /** Offers every free slot that is not offered yet. */
  List<Slot> offer(long nanoTime) {
    List<Slot> made = new ArrayList<>();
    while (held.size() + open.size() < count) {
      Slot slot = new Slot(node, incarnation, epoch, ++lastOffer);
      open.put(slot, nanoTime + offerNanos);
      made.add(slot);
    }
    return made;
  }

  /** Withdraws offers that brought no attempt in time. */
  List<Slot> withdrawOverdue(long nanoTime) {
    List<Slot> overdue =
        open.entrySet().stream()
            .filter(e -> e.getValue() - nanoTime < 0)
            .map(Map.Entry::getKey)
            .toList();
    overdue.forEach(open::remove);
    return overdue;
  }

  /** Closes an offer. */
  void close(Slot slot) {
    open.remove(slot);
  }

  /** Open offers. */
  List<Slot> open() {
    return List.copyOf(open.keySet());
  }

  /** Whether an attempt holds a slot. */
  boolean holds(AttemptKey key) {
    return held.contains(key);
  }

  /** Attempts that hold a slot. */
  Set<AttemptKey> held() {
    return Set.copyOf(held);
  }

  /** How many slots the attempts of each study hold. */
  Map<String, Integer> heldByStudy() {
    return Map.copyOf(heldByStudy);
  }

  /** Gives an attempt that already runs its slot. */
  void hold(AttemptKey key) {
    if (held.add(key)) {
      heldByStudy.merge(key.study(), 1, Integer::sum);
    }
  }

  /** Frees an attempt's slot. */
  void free(AttemptKey key) {
    if (held.remove(key)) {
      heldByStudy.merge(key.study(), -1, Integer::sum);
      heldByStudy.remove(key.study(), 0);
    }
  }

  /**
   * Takes an open offer for an attempt: the one that it was leased, or, when that was another
   * session's, any.
   *
   * @return the offer that was taken; empty: none is open
   */
  List<Slot> take(AttemptKey key, Slot leased) {
    Slot taken = null;
    if (open.containsKey(leased)) {
      taken = leased;
    } else if (!leased.session().equals(epoch) && !open.isEmpty()) {
      taken = open.keySet().iterator().next();
    }
    if (taken == null) {
      return List.of();
    }
    open.remove(taken);
    hold(key);
    return List.of(taken);
  }
}
