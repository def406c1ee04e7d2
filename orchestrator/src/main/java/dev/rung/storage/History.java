package dev.rung.storage;

import dev.rung.study.StudyEvent;
import java.util.List;

/** The journals of studies as clients read them. Every method blocks on the database. */
public interface History {

  /** How many events a study has; 0 where there is no such study. */
  long length(String study);

  /**
   * The events of a study after its first {@code after} ones, oldest first.
   *
   * @param limit the most events
   * @throws StorageException DATA_LOSS: an event cannot be read; UNAVAILABLE: the database failed
   */
  List<StudyEvent> events(String study, long after, int limit);
}
