package dev.rung.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.study.States;
import dev.rung.study.StudyEvent;
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
      server.persist(STUDY.id(), STUDY.events());
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
      server.persist(STUDY.id(), STUDY.events());
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

  /** Each part passes a multiple of 50 events, after which there is a snapshot. */
  static void persistInParts(TestServer server, String study, List<StudyEvent> events) {
    for (int from = 0; from < events.size(); from += 50) {
      server.persist(study, events.subList(from, Math.min(from + 50, events.size())));
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

  @Test
  void shouldStoreEventsUnderTheirLogicalNames() {
    try (TestServer server = new TestServer(folder)) {
      server.persist(STUDY.id(), STUDY.events());
      assertThat(
              server.database.<List<String>>transaction(c ->
                  Sql.query(
                      c,
                      "select event_ser_manifest from event_journal"
                          + " where persistence_id = ? and event_ser_id = 7350"
                          + " order by sequence_number",
                      row -> row.getString(1),
                      "study|" + STUDY.id())))
          .isEqualTo(STUDY.events().stream().map(EventCodec::name).toList());
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
