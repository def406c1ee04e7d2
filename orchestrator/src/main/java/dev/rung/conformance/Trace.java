package dev.rung.conformance;

import dev.rung.proto.v1.AttemptRef;
import dev.rung.proto.v1.Ended;
import dev.rung.proto.v1.Entries;
import dev.rung.proto.v1.Entry;
import dev.rung.proto.v1.NodeMessage;
import dev.rung.proto.v1.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The log of an attempt as far as it came.
 *
 * @param entries each once, in order; the first has number 1
 */
record Trace(List<Entry> entries) {

  /**
   * Puts together what messages hold of an attempt.
   *
   * @throws Violation a number is missing, or came twice with different content
   */
  static Trace of(AttemptRef attempt, List<NodeMessage> messages) throws Violation {
    List<Entry> log = new ArrayList<>();
    for (NodeMessage message : messages) {
      if (!message.hasEntries() || !message.getEntries().getAttempt().equals(attempt)) {
        continue;
      }
      Entries part = message.getEntries();
      long next = log.size() + 1L;
      Violation.unless(
          part.getFirstSeq() >= 1 && part.getFirstSeq() <= next,
          "expected entries from number %d or one that came before, got them from %d",
          next,
          part.getFirstSeq());
      Violation.unless(part.getEntriesCount() > 0, "expected entries in Entries, got none");
      for (int i = 0; i < part.getEntriesCount(); i++) {
        int index = Math.toIntExact(part.getFirstSeq() - 1 + i);
        Entry entry = part.getEntries(i);
        if (index == log.size()) {
          log.add(entry);
        } else {
          Violation.unless(
              log.get(index).equals(entry),
              "expected entry %d again as it was, %s, got %s",
              index + 1,
              Shown.entry(log.get(index)),
              Shown.entry(entry));
        }
      }
    }
    return new Trace(List.copyOf(log));
  }

  /** The points, in order. */
  List<Point> points() {
    return entries.stream().filter(Entry::hasPoint).map(Entry::getPoint).toList();
  }

  /** The last step that was reported; 0: none. */
  long step() {
    List<Point> points = points();
    return points.isEmpty() ? 0 : points.get(points.size() - 1).getStep();
  }

  /** How it ended, where it has. */
  Optional<Ended> end() {
    return entries.stream().filter(Entry::hasEnded).map(Entry::getEnded).findFirst();
  }
}
