package dev.rung.storage;

import dev.rung.study.ErrorCode;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyState;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads studies' events where the actors wrote them. */
final class Journal {
  /** What the persistence id of every study begins with. */
  private static final String STUDIES = "study|";

  private static final int PAGE = 500;

  /** The newest, and the one before it in case that the newest cannot be read. */
  private static final int SNAPSHOTS_KEPT = 2;

  private Journal() {}

  /**
   * An event as it stands in the journal.
   *
   * @param sequence its place in the study's journal, from 1
   */
  record Stored(long sequence, StudyEvent event) {}

  /** The events of a study after a place in its journal, oldest first. */
  static List<Stored> events(Connection connection, String study, long after, int limit)
      throws SQLException {
    return Sql.query(
        connection,
        "select sequence_number, event_ser_id, event_payload from event_journal"
            + " where persistence_id = ? and sequence_number > ? and deleted = false"
            + " order by sequence_number limit ?",
        row -> new Stored(row.getLong(1), event(study, row)),
        STUDIES + study,
        after,
        limit);
  }

  /** The place of a study's newest event in its journal; 0 where it has none. */
  static long last(Connection connection, String study) throws SQLException {
    return lastOf(connection, STUDIES + study);
  }

  /** The state of a study at a place in its journal. */
  static StudyState state(Connection connection, String study, long sequence) throws SQLException {
    StudyState state = snapshot(connection, study, sequence).orElseGet(StudyState::new);
    while (state.lastNumber() < sequence) {
      List<Stored> page = events(connection, study, state.lastNumber(), PAGE);
      if (page.isEmpty()) {
        throw new StorageException(
            ErrorCode.DATA_LOSS,
            "expected event %d of study %s, but its journal ends at %d"
                .formatted(sequence, study, state.lastNumber()));
      }
      for (Stored stored : page) {
        if (stored.sequence() <= sequence) {
          state.evolve(stored.event());
        }
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

  /** Every study of which the read side does not know all events. */
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

  private static long lastOf(Connection connection, String persistenceId) throws SQLException {
    return Sql.first(
            connection,
            "select sequence_number from event_journal where persistence_id = ?"
                + " order by persistence_id desc, sequence_number desc limit 1",
            row -> row.getLong(1),
            persistenceId)
        .orElse(0L);
  }

  private static Optional<StudyState> snapshot(Connection connection, String study, long upTo)
      throws SQLException {
    return Sql.first(
        connection,
        "select snapshot_payload from snapshot where persistence_id = ? and sequence_number <= ?"
            + " and snapshot_ser_id = ? order by sequence_number desc limit 1",
        row -> EventCodec.decodeState(row.getBytes(1)),
        STUDIES + study,
        upTo,
        StudyEventSerializer.ID);
  }

  private static StudyEvent event(String study, ResultSet row) throws SQLException {
    if (row.getInt(2) != StudyEventSerializer.ID) {
      throw new StorageException(
          ErrorCode.DATA_LOSS,
          "expected event %d of study %s in encoding %d, but came %d"
              .formatted(row.getLong(1), study, StudyEventSerializer.ID, row.getInt(2)));
    }
    return EventCodec.decode(row.getBytes(3));
  }
}
