package dev.rung.storage;

import dev.rung.study.StudyEvent;
import java.util.List;

/** Reads the journal that the actors write. */
public final class JdbcHistory implements History {
  private final Database database;

  /** Reads from a database that is open. */
  public JdbcHistory(Database database) {
    this.database = database;
  }

  @Override
  public long length(String study) {
    // The places of a journal have no gaps and nothing is ever deleted.
    return database.transaction(c -> Journal.last(c, study));
  }

  @Override
  public List<StudyEvent> events(String study, long after, int limit) {
    return database.transaction(
        c -> Journal.events(c, study, after, limit).stream().map(Journal.Stored::event).toList());
  }
}
