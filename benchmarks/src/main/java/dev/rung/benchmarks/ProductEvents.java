package dev.rung.benchmarks;

import dev.rung.proto.v1.AttemptRef;
import dev.rung.storage.EventCodec;
import dev.rung.study.Entry;
import dev.rung.study.StudyEvent;
import dev.rung.study.TrialStatus;
import java.util.List;

/** Reads the events of a study for {@link StoredPoints}. */
final class ProductEvents implements StoredPoints.Reader {
  private final String study;

  ProductEvents(String study) {
    this.study = study;
  }

  @Override
  public void read(byte[] bytes, StoredPoints found) {
    EventCodec.decodeCommit(bytes).events().forEach(event -> read(event, found));
  }

  private void read(StudyEvent event, StoredPoints found) {
    switch (event) {
      case StudyEvent.EntriesRecorded e -> log(e.attempt(), e.firstSeq(), e.entries(), found);
      case StudyEvent.LateEntriesRecorded e -> log(e.attempt(), e.firstSeq(), e.entries(), found);
      case StudyEvent.AttemptEnded e when e.next() == TrialStatus.COMPLETED -> found.completed();
      case StudyEvent other -> {
        // Holds no points.
      }
    }
  }

  private void log(
      dev.rung.study.AttemptRef ref, long firstSeq, List<Entry> entries, StoredPoints found) {
    AttemptRef attempt =
        AttemptRef.newBuilder()
            .setTrial(study + "/" + ref.trial())
            .setAttempt(ref.attempt())
            .build();
    int points = (int) entries.stream().filter(Entry.Point.class::isInstance).count();
    found.log(attempt, firstSeq, entries.size(), points);
  }
}
