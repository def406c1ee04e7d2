package dev.rung.storage;

import dev.rung.study.Commit;
import dev.rung.study.StudyEvent;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A data folder with its database and read side, without actors. */
final class TestStore implements AutoCloseable {
  final DataFolder folder;
  final Database database;
  final ReadSide readSide;
  private final Map<String, Long> places = new HashMap<>();

  TestStore(Path path) {
    folder = DataFolder.open(path);
    database = Database.open(folder);
    readSide = new JdbcReadSide(database);
  }

  /** Writes events as the actors do, in one commit. */
  void append(String study, List<StudyEvent> events) {
    for (Commit commit : Commit.of(events)) {
      write(study, "commit", EventCodec.encode(commit));
    }
  }

  /** Writes events as the first version did, each in a row of its own. */
  void appendOneByOne(String study, List<StudyEvent> events) {
    events.forEach(event -> write(study, EventCodec.name(event), EventCodec.encode(event)));
  }

  private void write(String study, String manifest, byte[] bytes) {
    update(
        "insert into event_journal (persistence_id, sequence_number, writer, write_timestamp,"
            + " adapter_manifest, event_ser_id, event_ser_manifest, event_payload)"
            + " values (?, ?, 'test', 0, '', ?, ?, ?)",
        "study|" + study,
        places.merge(study, 1L, Long::sum),
        StudyEventSerializer.ID,
        manifest,
        bytes);
  }

  /** Projects the next events by a new projection, as after a restart. */
  int project(String study) {
    return new Projection(database, study, Projection.BATCH).advance();
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
