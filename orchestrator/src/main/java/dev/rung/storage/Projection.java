package dev.rung.storage;

import dev.rung.study.StudyEvent;
import dev.rung.study.StudyState;
import dev.rung.study.StudyStatus;
import dev.rung.study.StudySummary;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;

/**
 * Writes a study's events into the tables of the read side, rows and place in one transaction. The
 * place is locked meanwhile, so that any number of projections of one study write each event once.
 */
final class Projection {
  /**
   * After so many events a transaction takes no further page. Rows that several of them change are
   * written once, so many events together cost less.
   */
  static final int BATCH = 30_000;

  private final Database database;
  private final String study;
  private final int batch;

  /**
   * The projection of a study.
   *
   * @param batch {@link #BATCH}
   */
  Projection(Database database, String study, int batch) {
    this.database = database;
    this.study = study;
    this.batch = batch;
  }

  /**
   * How far a study's journal is in the tables.
   *
   * @param event number of the newest event
   * @param sequence the place in the journal of the commit that holds it
   */
  record Offset(long event, long sequence) {
    static final Offset START = new Offset(0, 0);
  }

  /**
   * Projects the next commits and says how many events they hold; fewer than a batch: there are no
   * more now.
   *
   * @throws StorageException the database failed, or an event cannot be read
   */
  int advance() {
    return database.transaction(connection -> {
      Offset from = offset(connection, study, " for update");
      List<Journal.Stored> page = Journal.commits(connection, study, from.sequence(), Journal.PAGE);
      if (page.isEmpty()) {
        return 0;
      }
      if (from.equals(Offset.START)) {
        // Fails where another projection of this study has begun at the same time.
        Sql.update(connection, "insert into projection values (?, 0, 0)", study);
      }
      int events = events(page);
      Offset to;
      try (StudyTables tables = new StudyTables(connection, study)) {
        to = apply(connection, tables, from, page);
        while (page.size() == Journal.PAGE && events < batch) {
          page = Journal.commits(connection, study, to.sequence(), Journal.PAGE);
          to = apply(connection, tables, to, page);
          events += events(page);
        }
        tables.flush();
      }
      Sql.update(
          connection,
          "update projection set event_number = ?, sequence_number = ? where study = ?",
          to.event(),
          to.sequence(),
          study);
      return events;
    });
  }

  /**
   * Deletes the study's snapshots that are not needed any more.
   *
   * @throws StorageException the database failed
   */
  void deleteOldSnapshots() {
    database.transaction(connection -> Journal.deleteOldSnapshots(connection, study));
  }

  /** How far a study's journal is in the tables. */
  static Offset offset(Connection connection, String study) throws SQLException {
    return offset(connection, study, "");
  }

  private static Offset offset(Connection connection, String study, String lock)
      throws SQLException {
    return Sql.first(
            connection,
            "select event_number, sequence_number from projection where study = ?" + lock,
            row -> new Offset(row.getLong(1), row.getLong(2)),
            study)
        .orElse(Offset.START);
  }

  private Offset apply(
      Connection connection, StudyTables tables, Offset from, List<Journal.Stored> commits)
      throws SQLException {
    Offset to = from;
    for (Journal.Stored stored : commits) {
      for (StudyEvent event : stored.commit().events()) {
        if (event.number() > to.event()) {
          apply(connection, tables, event, stored.sequence());
        }
        to = new Offset(event.number(), stored.sequence());
      }
    }
    return to;
  }

  /** A few events change more than what they say, which the state then tells. */
  private void apply(Connection connection, StudyTables tables, StudyEvent event, long sequence)
      throws SQLException {
    boolean wasEnded = event instanceof StudyEvent.PlanChanged && tables.isEnded();
    tables.apply(event);
    boolean isAtEnd =
        event instanceof StudyEvent.StudyEnded
            || (event instanceof StudyEvent.MetricPut && tables.isEnded());
    if (isAtEnd) {
      StudyState end = Journal.state(connection, study, sequence, event.number());
      tables.ended(StudySummary.of(end));
    } else if (event instanceof StudyEvent.PlanChanged) {
      StudyState now = Journal.state(connection, study, sequence, event.number());
      tables.changed(wasEnded, now);
      if (now.status() == StudyStatus.ENDED) {
        tables.ended(StudySummary.of(now));
      }
    }
  }

  private static int events(List<Journal.Stored> commits) {
    return commits.stream().mapToInt(stored -> stored.commit().events().size()).sum();
  }
}
