package dev.rung.fleet;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** Since when something has been so of studies, in nanoseconds of the monotonic clock. */
final class Since {
  private final Map<String, Long> since = new HashMap<>();

  /** It is so of these studies now, and of no others. */
  void note(long now, Set<String> studies) {
    since.keySet().retainAll(studies);
    studies.forEach(study -> since.putIfAbsent(study, now));
  }

  /** Studies of which it has been so for a time at least. */
  Set<String> lasting(long now, Duration least) {
    return since.entrySet().stream()
        .filter(entry -> now - entry.getValue() >= least.toNanos())
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }
}
