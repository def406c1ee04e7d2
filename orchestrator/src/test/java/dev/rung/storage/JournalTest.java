package dev.rung.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.study.States;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyState;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class JournalTest {
  private static final RandomStudy STUDY = RandomStudy.of(4);

  @TempDir Path folder;

  @Test
  void shouldRecoverAStudyWhenTheServerStartsAgain() {
    try (TestServer server = new TestServer(folder)) {
      persistInParts(server, STUDY.id(), STUDY.events());
      assertThat(snapshots(server)).isPositive();
    }
    try (TestServer server = new TestServer(folder)) {
      assertRecovered(server);
    }
  }

  /** Events are never deleted, so nothing is lost with a snapshot. */
  @Test
  void shouldRecoverFromTheEventsWhenASnapshotIsDamaged() {
    try (TestServer server = new TestServer(folder)) {
      persistInParts(server, STUDY.id(), STUDY.events());
      int damaged =
          server.database.transaction(
              c -> Sql.update(c, "update snapshot set snapshot_payload = ?", new byte[] {1, 2}));
      assertThat(damaged).isPositive();
      assertRecovered(server);
    }
  }

  @Test
  void shouldKeepTheNewestTwoSnapshotsOfAStudy() {
    try (TestServer server = new TestServer(folder)) {
      persistInParts(server, STUDY.id(), STUDY.events());
      persistInParts(server, "another", STUDY.events().subList(0, 150));
      List<Long> before = places(server, STUDY.id());
      assertThat(before).hasSizeGreaterThan(2);
      assertThat(places(server, "another")).hasSize(3);

      int deleted = server.database.transaction(c -> Journal.deleteOldSnapshots(c, STUDY.id()));
      assertThat(deleted).isEqualTo(before.size() - 2);
      assertThat(places(server, STUDY.id()))
          .isEqualTo(before.subList(before.size() - 2, before.size()));
      assertThat(places(server, "another")).hasSize(3);
      int again = server.database.transaction(c -> Journal.deleteOldSnapshots(c, STUDY.id()));
      assertThat(again).isZero();
      assertRecovered(server);
    }
  }

  /** Commits of ten events; after each fifth there is a snapshot. */
  static void persistInParts(TestServer server, String study, List<StudyEvent> events) {
    for (int from = 0; from < events.size(); from += 10) {
      server.persist(study, events.subList(from, Math.min(from + 10, events.size())));
    }
  }

  private static List<Long> places(TestServer server, String study) {
    return server.database.transaction(c ->
        Sql.query(
            c,
            "select sequence_number from snapshot where persistence_id = ? order by sequence_number",
            row -> row.getLong(1),
            "study|" + study));
  }

  /** Otherwise each page would cost as much as the whole journal, and catching up its square. */
  @Test
  void shouldReadAPageOfCommitsWithoutSortingTheJournal() {
    try (TestStore store = new TestStore(folder)) {
      List<String> plan =
          store.database.transaction(c ->
              Sql.query(
                  c, "explain " + Journal.COMMITS, row -> row.getString(1), "study|a", 0, 500));
      assertThat(plan).singleElement().asString().contains("index sorted");
    }
  }

  @Test
  void shouldStoreWhatBecomesDurableTogetherInOneRow() {
    try (TestServer server = new TestServer(folder)) {
      server.persist(STUDY.id(), STUDY.events().subList(0, 200));
      server.persist(STUDY.id(), STUDY.events().subList(200, 210));
      assertThat(
              server.database.<List<String>>transaction(c ->
                  Sql.query(
                      c,
                      "select event_ser_manifest from event_journal"
                          + " where persistence_id = ? and event_ser_id = 7350"
                          + " order by sequence_number",
                      row -> row.getString(1),
                      "study|" + STUDY.id())))
          .containsExactly("commit", "commit");
      long events = server.database.transaction(c -> Journal.lastNumber(c, STUDY.id()));
      assertThat(events).isEqualTo(210);
    }
  }

  /** Of the first version; what comes later is written in commits. */
  @Test
  void shouldGoOnWithAJournalOfOneEventARow() {
    try (TestStore store = new TestStore(folder)) {
      store.appendOneByOne(STUDY.id(), STUDY.events().subList(0, 100));
    }
    try (TestServer server = new TestServer(folder)) {
      assertThat(States.describe(server.recover(STUDY.id())))
          .isEqualTo(States.describe(STUDY.state(100)));
      persistInParts(server, STUDY.id(), STUDY.events().subList(100, STUDY.events().size()));
      assertRecovered(server);
    }
    try (StoredStudies stored = new StoredStudies(folder)) {
      assertThat(stored.events(STUDY.id())).isEqualTo(STUDY.events());
    }
  }

  /** A commit may hold events of before and after the one that is asked for. */
  @Test
  void shouldHaveTheStateAfterAnEventInTheMiddleOfACommit() {
    try (TestServer server = new TestServer(folder)) {
      persistInParts(server, STUDY.id(), STUDY.events());
      // The tenth commit holds events 91 to 100, and has a snapshot as the fifth has.
      for (int number = 91; number <= 100; number++) {
        int asked = number;
        StudyState state =
            server.database.transaction(c -> Journal.state(c, STUDY.id(), 10, asked));
        assertThat(States.describe(state)).isEqualTo(States.describe(STUDY.state(asked)));
      }
    }
  }

  private static void assertRecovered(TestServer server) {
    assertThat(States.describe(server.recover(STUDY.id())))
        .isEqualTo(States.describe(STUDY.state(STUDY.events().size())));
  }

  private static int snapshots(TestServer server) {
    return server.database.transaction(
        c -> Sql.query(c, "select sequence_number from snapshot", row -> row.getLong(1)).size());
  }
}
