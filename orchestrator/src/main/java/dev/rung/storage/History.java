package dev.rung.storage;

import dev.rung.study.StudyEvent;
import java.util.List;

/** The journals of studies as clients read them. Every method blocks on the database. */
public interface History {

  /** How many events a study has; 0 where there is no such study. */
  long length(String study);

  /**
   * The next events of a study, oldest first; none at the end of its journal.
   *
   * @param place where the page before ended; 0 for the first
   * @param limit the most commits
   * @throws StorageException DATA_LOSS: an event cannot be read; UNAVAILABLE: the database failed
   */
  Page page(String study, long place, int limit);

  /**
   * Part of a journal.
   *
   * @param place where it ends
   */
  record Page(List<StudyEvent> events, long place) {}
}
