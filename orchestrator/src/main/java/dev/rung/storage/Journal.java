package dev.rung.storage;

import dev.rung.study.Commit;
import dev.rung.study.ErrorCode;
import dev.rung.study.StudyState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads studies' commits where the actors wrote them. */
final class Journal {
  /** What the persistence id of every study begins with. */
  private static final String STUDIES = "study|";

  /** Commits that are read together: of 64 KiB each, though few are as large. */
  static final int PAGE = 100;

  /**
   * Ordered by the whole of the primary key: by its second column alone H2 would read and sort the
   * rest of the journal for each page.
   */
  static final String COMMITS =
      "select sequence_number, event_ser_id, event_payload, event_ser_manifest from event_journal"
          + " where persistence_id = ? and sequence_number > ? and deleted = false"
          + " order by persistence_id, sequence_number limit ?";

  /** The newest, and the one before it in case that the newest cannot be read. */
  private static final int SNAPSHOTS_KEPT = 2;

  private Journal() {}

  /**
   * A commit as it stands in the journal.
   *
   * @param sequence its place in the study's journal, from 1
   */
  record Stored(long sequence, Commit commit) {}

  /** The commits of a study after a place in its journal, oldest first. */
  static List<Stored> commits(Connection connection, String study, long after, int limit)
      throws SQLException {
    return Sql.query(
        connection,
        COMMITS,
        row -> new Stored(row.getLong(1), commit(study, row)),
        STUDIES + study,
        after,
        limit);
  }

  /** The number of a study's newest event; 0 where it has none. */
  static long lastNumber(Connection connection, String study) throws SQLException {
    long last = lastOf(connection, STUDIES + study);
    return commits(connection, study, last - 1, 1).stream()
        .mapToLong(stored -> stored.commit().lastNumber())
        .findFirst()
        .orElse(0);
  }

  /**
   * The state of a study after an event.
   *
   * @param sequence of the commit that holds the event
   */
  static StudyState state(Connection connection, String study, long sequence, long number)
      throws SQLException {
    // A snapshot at the commit itself may know events of it that came later.
    Optional<Snapshot> snapshot = snapshotBefore(connection, study, sequence);
    StudyState state = snapshot.map(Snapshot::state).orElseGet(StudyState::new);
    long place = snapshot.map(Snapshot::sequence).orElse(0L);
    while (state.lastNumber() < number) {
      List<Stored> page = commits(connection, study, place, PAGE);
      if (page.isEmpty()) {
        throw new StorageException(
            ErrorCode.DATA_LOSS,
            "expected event %d of study %s, but its journal ends at %d"
                .formatted(number, study, state.lastNumber()));
      }
      for (Stored stored : page) {
        stored.commit().events().stream()
            .filter(event -> event.number() <= number)
            .forEach(state::evolve);
        place = stored.sequence();
      }
    }
    return state;
  }

  /** Deletes all snapshots of a study but the newest two; says how many these were. */
  static int deleteOldSnapshots(Connection connection, String study) throws SQLException {
    // Pekko's own retention knows only snapshots after a fixed number of events.
    List<Long> kept =
        Sql.query(
            connection,
            "select sequence_number from snapshot where persistence_id = ?"
                + " order by sequence_number desc limit "
                + SNAPSHOTS_KEPT,
            row -> row.getLong(1),
            STUDIES + study);
    return kept.size() < SNAPSHOTS_KEPT
        ? 0
        : Sql.update(
            connection,
            "delete from snapshot where persistence_id = ? and sequence_number < ?",
            STUDIES + study,
            kept.get(SNAPSHOTS_KEPT - 1));
  }

  /** Every study of which the read side does not know all commits. */
  static List<String> behind(Connection connection) throws SQLException {
    List<String> behind = new ArrayList<>();
    Optional<String> id = next(connection, "");
    while (id.isPresent()) {
      if (id.get().startsWith(STUDIES)) {
        String study = id.get().substring(STUDIES.length());
        if (lastOf(connection, id.get()) > Projection.offset(connection, study).sequence()) {
          behind.add(study);
        }
      }
      id = next(connection, id.get());
    }
    return behind;
  }

  /** The next persistence id; a step in the primary key's index, whatever the journal's length. */
  private static Optional<String> next(Connection connection, String after) throws SQLException {
    return Sql.first(
        connection,
        "select persistence_id from event_journal where persistence_id > ?"
            + " order by persistence_id limit 1",
        row -> row.getString(1),
        after);
  }

  /** The place of the newest row of a journal, a study's or another; 0 where it has none. */
  static long lastOf(Connection connection, String persistenceId) throws SQLException {
    return Sql.first(
            connection,
            "select sequence_number from event_journal where persistence_id = ?"
                + " order by persistence_id desc, sequence_number desc limit 1",
            row -> row.getLong(1),
            persistenceId)
        .orElse(0L);
  }

  private record Snapshot(long sequence, StudyState state) {}

  private static Optional<Snapshot> snapshotBefore(
      Connection connection, String study, long sequence) throws SQLException {
    return Sql.first(
        connection,
        "select sequence_number, snapshot_payload from snapshot"
            + " where persistence_id = ? and sequence_number < ?"
            + " and snapshot_ser_id = ? order by sequence_number desc limit 1",
        row -> new Snapshot(row.getLong(1), EventCodec.decodeState(row.getBytes(2))),
        STUDIES + study,
        sequence,
        StudyEventSerializer.ID);
  }

  private static Commit commit(String study, ResultSet row) throws SQLException {
    if (row.getInt(2) != StudyEventSerializer.ID) {
      throw new StorageException(
          ErrorCode.DATA_LOSS,
          "expected commit %d of study %s in encoding %d, but came %d"
              .formatted(row.getLong(1), study, StudyEventSerializer.ID, row.getInt(2)));
    }
    return StudyEventSerializer.commit(row.getBytes(3), row.getString(4));
  }
}
