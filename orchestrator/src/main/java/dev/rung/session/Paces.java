package dev.rung.session;

import dev.rung.fleet.Pace;
import dev.rung.study.Entry;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How fast a node's attempts train, by what they report. What is older counts less and less. */
final class Paces {
  /** After so much training what came before counts half. */
  private static final double HALF_LIFE_SECONDS = Duration.ofMinutes(10).toSeconds();

  private static final int MOST_STUDIES = 64;
  private static final double NANOS_PER_SECOND = 1e9;

  private record Last(long step, long nanos) {}

  private final Map<AttemptKey, Last> last = new HashMap<>();

  /** The newest last. */
  private final Map<String, Pace> byStudy = new LinkedHashMap<>();

  /**
   * An attempt has sent entries.
   *
   * @param nanos time in nanoseconds of the monotonic clock
   * @param slots that it is in
   */
  void take(AttemptKey key, List<Entry> entries, long nanos, int slots) {
    long step = 0;
    boolean ended = false;
    for (Entry entry : entries) {
      if (entry instanceof Entry.Point point) {
        step = Math.max(step, point.step());
      }
      ended |= entry instanceof Entry.Ended;
    }
    Last before = last.get(key);
    if (before != null && step > before.step()) {
      // The first report only tells where it began: from a checkpoint, or after loading data.
      double seconds = (nanos - before.nanos()) / NANOS_PER_SECOND * slots;
      Pace pace = new Pace(step - before.step(), seconds);
      Pace old = byStudy.remove(key.study());
      if (byStudy.size() >= MOST_STUDIES) {
        byStudy.remove(byStudy.keySet().iterator().next());
      }
      byStudy.put(key.study(), old == null ? pace : old.times(decay(seconds)).and(pace));
    }
    if (before == null ? step > 0 : step > before.step()) {
      last.put(key, new Last(step, nanos));
    }
    if (ended) {
      last.remove(key);
    }
  }

  private static double decay(double seconds) {
    return Math.pow(0.5, seconds / HALF_LIFE_SECONDS);
  }

  /** An attempt is gone. */
  void forget(AttemptKey key) {
    last.remove(key);
  }

  /** By study. */
  Map<String, Pace> byStudy() {
    return Map.copyOf(byStudy);
  }
}
