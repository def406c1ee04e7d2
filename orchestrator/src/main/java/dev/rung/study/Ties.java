package dev.rung.study;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * How long trials have waited for a slot of the node whose disk keeps their checkpoint. Only time
 * while the node is there counts: one that is away comes back, or is gone. In memory only, as for
 * {@link LostNodes}.
 */
final class Ties {
  private final Duration patience;

  /** In nanoseconds of the monotonic clock. */
  private final Map<Integer, Long> since = new TreeMap<>();

  private final Set<Integer> over = new TreeSet<>();

  /**
   * Nobody waits.
   *
   * @param patience after which a trial goes on elsewhere
   */
  Ties(Duration patience) {
    this.patience = patience;
  }

  /**
   * Who waits now.
   *
   * @param tied trials that could go on, with their nodes
   * @param isThere whether a node is connected
   * @param now in nanoseconds of the monotonic clock
   */
  void look(Map<Integer, String> tied, Predicate<String> isThere, long now) {
    since.keySet().retainAll(tied.keySet());
    tied.forEach((trial, node) -> {
      if (isThere.test(node)) {
        since.putIfAbsent(trial, now);
      } else {
        since.remove(trial);
      }
    });
    over.clear();
    since.forEach((trial, from) -> {
      if (now - from >= patience.toNanos()) {
        over.add(trial);
      }
    });
  }

  /** A trial has a slot. */
  void leased(int trial) {
    since.remove(trial);
    over.remove(trial);
  }

  void clear() {
    since.clear();
    over.clear();
  }

  /** Trials that have waited long enough. */
  Set<Integer> over() {
    return over;
  }
}
