package dev.rung.simulate;

import java.util.Comparator;
import java.util.PriorityQueue;
import org.jspecify.annotations.Nullable;

/**
 * The time, and what is to happen, in order of time; of equal times in the order in which it was
 * planned.
 */
final class Timetable {

  /** Something with its time, and a number that rises with every entry. */
  record Entry(double time, long sequence, Happening happening) {}

  private final PriorityQueue<Entry> entries =
      new PriorityQueue<>(
          Comparator.comparingDouble(Entry::time).thenComparingLong(Entry::sequence));
  private long sequence;
  private double now;

  /** The time that it is. */
  double now() {
    return now;
  }

  /** It is a later time. */
  void moveTo(double time) {
    now = time;
  }

  void add(double time, Happening happening) {
    if (time < Double.POSITIVE_INFINITY) {
      entries.add(new Entry(time, sequence++, happening));
    }
  }

  /** The next; null: nothing is left. */
  @Nullable Entry next() {
    return entries.poll();
  }
}
