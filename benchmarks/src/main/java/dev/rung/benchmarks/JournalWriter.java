package dev.rung.benchmarks;

import dev.rung.storage.Database;
import dev.rung.storage.EventCodec;
import dev.rung.study.Commit;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudySnapshot;
import dev.rung.study.StudyState;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** Writes commits and snapshots of one study as the actors do, thousands in a transaction. */
final class JournalWriter implements AutoCloseable {
  private static final int ROWS_A_COMMIT = 5_000;

  /** Of dev.rung.storage.StudyEventSerializer. */
  private static final int SERIALIZER = 7350;

  /** The rule of StudyEntity: a snapshot after so many events, or after trials / 2. */
  private static final int LEAST_BETWEEN_SNAPSHOTS = 2_000;

  /** How near to the next snapshot the journal ends. */
  private static final int NEAR = 50;

  private final boolean snapshots;
  private final Connection connection;
  private final PreparedStatement commit;
  private final PreparedStatement snapshot;
  private int rows;
  private long sequence;
  private long eventsAtSnapshot;

  JournalWriter(Database database, boolean snapshots) throws SQLException {
    this.snapshots = snapshots;
    connection = database.dataSource().getConnection();
    connection.setAutoCommit(false);
    commit =
        connection.prepareStatement(
            "insert into event_journal (persistence_id, sequence_number, writer, write_timestamp,"
                + " adapter_manifest, event_ser_id, event_ser_manifest, event_payload)"
                + " values (?, ?, 'benchmark', ?, '', ?, 'commit', ?)");
    snapshot =
        connection.prepareStatement(
            "insert into snapshot (persistence_id, sequence_number, created, snapshot_ser_id,"
                + " snapshot_ser_manifest, snapshot_payload) values (?, ?, ?, ?, 'snapshot', ?)");
  }

  /**
   * Writes events that become durable together.
   *
   * @param state after them
   */
  void write(String study, List<StudyEvent> events, StudyState state) throws SQLException {
    for (Commit written : Commit.of(events)) {
      commit.setString(1, "study|" + study);
      commit.setLong(2, ++sequence);
      commit.setLong(3, written.events().getLast().time());
      commit.setInt(4, SERIALIZER);
      commit.setBytes(5, EventCodec.encode(written));
      commit.addBatch();
      rows++;
    }
    if (rows >= ROWS_A_COMMIT) {
      commit();
    }
    if (snapshots && eventsSinceSnapshot(state) >= between(state)) {
      snapshot(study, state);
    }
  }

  long eventsSinceSnapshot(StudyState state) {
    return state.lastNumber() - eventsAtSnapshot;
  }

  /** Whether the next events bring a snapshot. */
  boolean isNextSnapshotNear(StudyState state) {
    return eventsSinceSnapshot(state) + NEAR >= between(state);
  }

  private static long between(StudyState state) {
    return Math.max(LEAST_BETWEEN_SNAPSHOTS, state.nextTrial() / 2);
  }

  /** Only the newest one is kept. */
  private void snapshot(String study, StudyState state) throws SQLException {
    try (PreparedStatement delete = connection.prepareStatement("delete from snapshot")) {
      delete.executeUpdate();
    }
    snapshot.setString(1, "study|" + study);
    snapshot.setLong(2, sequence);
    snapshot.setLong(3, state.lastTime());
    snapshot.setInt(4, SERIALIZER);
    snapshot.setBytes(5, EventCodec.encode(StudySnapshot.of(state)));
    snapshot.executeUpdate();
    eventsAtSnapshot = state.lastNumber();
    commit();
  }

  private void commit() throws SQLException {
    commit.executeBatch();
    connection.commit();
    rows = 0;
  }

  @Override
  public void close() throws SQLException {
    commit();
    connection.close();
  }
}
