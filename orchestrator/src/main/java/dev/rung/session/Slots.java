package dev.rung.session;

import dev.rung.study.Slot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

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

  /** How many slots each attempt is in. */
  private final Map<AttemptKey, Integer> held = new HashMap<>();

  private int busy;
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
    while (busy + open.size() < count) {
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
    return held.containsKey(key);
  }

  /** Slots that an attempt is in. */
  int of(AttemptKey key) {
    return held.getOrDefault(key, 0);
  }

  /** Slots that attempts are in. */
  int busy() {
    return busy;
  }

  /** How many slots the attempts of each study hold. */
  Map<String, Integer> heldByStudy() {
    return Map.copyOf(heldByStudy);
  }

  /** Gives an attempt that already runs its slots. */
  void hold(AttemptKey key, int slots) {
    if (held.putIfAbsent(key, slots) == null) {
      busy += slots;
      heldByStudy.merge(key.study(), slots, Integer::sum);
    }
  }

  /** Frees an attempt's slots. */
  void free(AttemptKey key) {
    Integer slots = held.remove(key);
    if (slots != null) {
      busy -= slots;
      heldByStudy.merge(key.study(), -slots, Integer::sum);
      heldByStudy.remove(key.study(), 0);
    }
  }

  /**
   * Takes open offers for an attempt: the one that it was leased, or, when that was another
   * session's, any, and as many beside it as it needs.
   *
   * @param slots that it needs
   * @return the offers that were taken; empty: too few are open
   */
  List<Slot> take(AttemptKey key, Slot leased, int slots) {
    boolean isOpen = open.containsKey(leased);
    if (open.size() < slots || (!isOpen && leased.session().equals(epoch))) {
      return List.of();
    }
    List<Slot> taken = new ArrayList<>();
    if (isOpen) {
      taken.add(leased);
    }
    for (Slot slot : open.keySet()) {
      if (taken.size() < slots && !slot.equals(leased)) {
        taken.add(slot);
      }
    }
    taken.forEach(open::remove);
    hold(key, slots);
    return taken;
  }
}
