package dev.rung.fleet;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * How many slots are wanted, for those who add and remove nodes: it grows at once and falls only to
 * the most of the last minute, so that what is short does not shake the fleet.
 */
final class SlotsWanted {
  static final Duration HELD_FOR = Duration.ofMinutes(1);

  private record Level(long until, int slots) {}

  /** Falling, and each in force until the ones before it are over. */
  private final Deque<Level> levels = new ArrayDeque<>();

  /**
   * So many are wanted now.
   *
   * @param now in nanoseconds of the monotonic clock
   */
  void note(long now, int slots) {
    for (Iterator<Level> last = levels.descendingIterator(); last.hasNext(); ) {
      if (last.next().slots() > slots) {
        break;
      }
      last.remove();
    }
    levels.addLast(new Level(now + HELD_FOR.toNanos(), slots));
    while (levels.size() > 1 && levels.getFirst().until() - now < 0) {
      levels.removeFirst();
    }
  }

  /** The most of the last minute. */
  int most() {
    return levels.isEmpty() ? 0 : levels.getFirst().slots();
  }
}
