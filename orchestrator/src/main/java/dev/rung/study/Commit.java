package dev.rung.study;

import java.util.ArrayList;
import java.util.List;

/**
 * What the journal holds in one row: events of a study that became durable together. The place of a
 * commit in the journal says nothing about the numbers of its events.
 *
 * @param events at least one, by rising number
 */
public record Commit(List<StudyEvent> events) {
  /** The most events of a commit, which bounds what readers hold. */
  static final int MOST_EVENTS = 256;

  /** Of one commit, as {@link Sizes} estimates it; an event that is larger stands alone. */
  static final int MOST_BYTES = 64 * 1024;

  /** Copies the events. */
  public Commit {
    events = List.copyOf(events);
    if (events.isEmpty()) {
      throw new IllegalArgumentException("expected events of a commit, but came none");
    }
  }

  /** A commit of one event. */
  public static Commit of(StudyEvent event) {
    return new Commit(List.of(event));
  }

  /** Events in as few commits as hold them; no event: no commit. */
  public static List<Commit> of(List<StudyEvent> events) {
    List<Commit> commits = new ArrayList<>();
    int from = 0;
    int bytes = 0;
    for (int i = 0; i < events.size(); i++) {
      int size = Sizes.of(events.get(i));
      if (i > from && (i - from == MOST_EVENTS || bytes + size > MOST_BYTES)) {
        commits.add(new Commit(events.subList(from, i)));
        from = i;
        bytes = 0;
      }
      bytes += size;
    }
    if (from < events.size()) {
      commits.add(new Commit(events.subList(from, events.size())));
    }
    return commits;
  }

  /** The number of the newest event. */
  public long lastNumber() {
    return events.getLast().number();
  }
}
