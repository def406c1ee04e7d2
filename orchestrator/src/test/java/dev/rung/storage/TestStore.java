package dev.rung.storage;

import dev.rung.study.StudyEvent;
import java.nio.file.Path;
import java.util.List;

/** A data folder with its database and read side, without actors. */
final class TestStore implements AutoCloseable {
  final DataFolder folder;
  final Database database;
  final ReadSide readSide;

  TestStore(Path path) {
    folder = DataFolder.open(path);
    database = Database.open(folder);
    readSide = new JdbcReadSide(database);
  }

  /** Writes events as the journal does. */
  void append(String study, List<StudyEvent> events) {
    for (StudyEvent event : events) {
      update(
          "insert into event_journal (persistence_id, sequence_number, writer, write_timestamp,"
              + " adapter_manifest, event_ser_id, event_ser_manifest, event_payload)"
              + " values (?, ?, 'test', 0, '', ?, ?, ?)",
          "study|" + study,
          event.number(),
          StudyEventSerializer.ID,
          EventCodec.name(event),
          EventCodec.encode(event));
    }
  }

  /** Projects the next events by a new projection, as after a restart. */
  int project(String study) {
    return new Projection(database, study).advance();
  }

  int update(String sql, Object... arguments) {
    return database.transaction(connection -> Sql.update(connection, sql, arguments));
  }

  @Override
  public void close() {
    database.close();
    folder.close();
  }
}
