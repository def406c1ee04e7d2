package dev.rung.storage;

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
    // The numbers of events have no gaps and nothing is ever deleted.
    return database.transaction(c -> Journal.lastNumber(c, study));
  }

  @Override
  public Page page(String study, long place, int limit) {
    List<Journal.Stored> commits =
        database.transaction(c -> Journal.commits(c, study, place, limit));
    return new Page(
        commits.stream().flatMap(stored -> stored.commit().events().stream()).toList(),
        commits.isEmpty() ? place : commits.getLast().sequence());
  }
}
