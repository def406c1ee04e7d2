package dev.rung.study;

import java.util.ArrayList;
import java.util.List;

/** One attempt as its trainer has it: where it trains, and the log that it keeps. */
final class TrainerLog {
  final int node;
  private final List<Entry> entries = new ArrayList<>();
  long step;
  long milestone;
  long acked;
  boolean waits;
  boolean ended;

  TrainerLog(int node, long step, long milestone) {
    this.node = node;
    this.step = step;
    this.milestone = milestone;
  }

  boolean trains() {
    return !waits && !ended;
  }

  void add(Entry entry) {
    entries.add(entry);
  }

  void goOn(long next) {
    if (!ended) {
      milestone = next;
      waits = false;
    }
  }

  void end(Cause cause) {
    if (!ended) {
      ended = true;
      entries.add(new Entry.Ended(cause, "as " + cause));
    }
  }

  void acked(long seq) {
    acked = Math.max(acked, seq);
  }

  /** Whether it ended and nothing of it is on its way. */
  boolean isDurable() {
    return ended && unsent() == 0;
  }

  long unsent() {
    return entries.size() - acked;
  }

  /** At most so many entries from a number on; none past the end. */
  List<Entry> from(long first, int most) {
    int from = (int) Math.min(first - 1, entries.size());
    return List.copyOf(entries.subList(from, Math.min(from + most, entries.size())));
  }
}
