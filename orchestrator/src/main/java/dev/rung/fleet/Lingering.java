package dev.rung.fleet;

import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/**
 * Since when studies have left free slots unused, so that a trial may go on at the node that
 * trained it last.
 */
final class Lingering {
  /** The longest that a trial waits for a better node than one that is free. */
  static final Duration MOST = Duration.ofSeconds(3);

  /** In nanoseconds of the monotonic clock. */
  private final Map<String, Long> since = new HashMap<>();

  /** Studies that have waited long enough. */
  Set<String> over(long now) {
    Set<String> over = new HashSet<>();
    since.forEach((study, from) -> {
      if (now - from >= MOST.toNanos()) {
        over.add(study);
      }
    });
    return over;
  }

  /** These wait now, and no others. */
  void note(long now, Set<String> studies) {
    since.keySet().retainAll(studies);
    studies.forEach(study -> since.putIfAbsent(study, now));
  }
}
