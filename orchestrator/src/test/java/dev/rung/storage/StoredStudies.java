package dev.rung.storage;

import dev.rung.study.Entry;
import dev.rung.study.StudyEvent;
import java.nio.file.Path;
import java.util.List;

/** What a server that has ended left in its data folder. */
public final class StoredStudies implements AutoCloseable {
  private static final int ALL = 100_000;

  private final TestStore store;

  /** Opens the folder. */
  public StoredStudies(Path data) {
    store = new TestStore(data);
  }

  /** The events of a study, oldest first. */
  public List<StudyEvent> events(String study) {
    return store.database.transaction(c ->
        Journal.commits(c, study, 0, ALL).stream()
            .flatMap(stored -> stored.commit().events().stream())
            .toList());
  }

  /** The log of an attempt as clients read it. */
  public List<Entry> curve(String study, int trial, int attempt) {
    while (store.project(study) > 0) {
      // Until the tables know every event.
    }
    return store.readSide.curve(study, trial, attempt, 0, ALL).stream()
        .flatMap(chunk -> chunk.entries().stream())
        .toList();
  }

  @Override
  public void close() {
    store.close();
  }
}
