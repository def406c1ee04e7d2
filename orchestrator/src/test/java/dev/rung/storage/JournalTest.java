package dev.rung.storage;

import static org.assertj.core.api.Assertions.assertThat;

import dev.rung.study.States;
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
