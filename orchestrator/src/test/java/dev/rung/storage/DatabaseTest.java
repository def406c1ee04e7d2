package dev.rung.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.rung.study.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.List;
import java.util.Random;
import org.h2.mvstore.MVStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DatabaseTest {
  @TempDir Path temp;

  @Test
  void shouldSeeThatTheSchemaIsCurrentWithoutFlyway() throws SQLException {
    try (DataFolder folder = DataFolder.open(temp);
        Database database = Database.open(folder)) {
      assertThat(Schema.isCurrent(database.dataSource())).isTrue();
      update(database, "update flyway_schema_history set success = false where version = '1'");
      assertThat(Schema.isCurrent(database.dataSource())).isFalse();
    }
  }

  @Test
  void shouldRefuseTablesOfAnotherProgramVersion() {
    List<String> changes =
        List.of(
            "update flyway_schema_history set checksum = checksum + 1 where version = '1'",
            "update flyway_schema_history set success = false where version = '1'",
            "insert into flyway_schema_history values"
                + " (99, '99', 'later', 'SQL', 'V99__later.sql', 7, 'rung', now(), 1, true)");
    for (int i = 0; i < changes.size(); i++) {
      try (DataFolder folder = DataFolder.open(temp.resolve("f" + i))) {
        try (Database database = Database.open(folder)) {
          update(database, changes.get(i));
        }
        assertThatThrownBy(() -> Database.open(folder).close())
            .as(changes.get(i))
            .isInstanceOfSatisfying(
                StorageException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_LOSS));
      }
    }
  }

  @Test
  void shouldTakeWorkBackWhenItFails() {
    try (DataFolder folder = DataFolder.open(temp);
        Database database = Database.open(folder)) {
      assertThatThrownBy(() ->
              database.transaction(connection -> {
                Sql.update(connection, "insert into projection values ('s', 1, 1)");
                throw new SQLException("disk full");
              }))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("disk full");
      assertThat(new JdbcReadSide(database).projected("s")).isZero();
    }
  }

  /** Larger than a snapshot of 100,000 trials. */
  @Test
  void shouldStoreALargeSnapshot() {
    byte[] bytes = new byte[40 << 20];
    bytes[bytes.length - 1] = 7;
    try (DataFolder folder = DataFolder.open(temp);
        Database database = Database.open(folder)) {
      update(
          database,
          "insert into snapshot (persistence_id, sequence_number, created, snapshot_ser_id,"
              + " snapshot_ser_manifest, snapshot_payload) values ('p', 1, 1, 1, '', ?)",
          bytes);
      List<byte[]> stored =
          database.transaction(
              c -> Sql.query(c, "select snapshot_payload from snapshot", row -> row.getBytes(1)));
      assertThat(stored.get(0)).isEqualTo(bytes);
    }
  }

  /** Measured: 0.7 MB; 1.5 MB where nothing is written together, 10 MB with H2's retention time. */
  @Test
  void shouldStaySmallOverManyCommits() throws IOException, SQLException {
    Random random = new Random(1);
    try (DataFolder folder = DataFolder.open(temp);
        Database database = Database.open(folder)) {
      MVStore store = Upkeep.store(database.dataSource());
      assertThat(store.getRetentionTime()).isEqualTo((int) Upkeep.RETENTION.toMillis());
      store.setRetentionTime(0);
      for (int i = 0; i < 600; i++) {
        byte[] payload = new byte[200];
        random.nextBytes(payload);
        update(
            database,
            "insert into event_journal (persistence_id, sequence_number, writer, write_timestamp,"
                + " adapter_manifest, event_ser_id, event_ser_manifest, event_payload)"
                + " values (?, ?, '', 0, '', 1, '', ?)",
            "study|" + random.nextInt(20),
            i,
            payload);
        if (i % 50 == 0) {
          Upkeep.round(store);
        }
      }
      assertThat(Files.size(temp.resolve("rung.mv.db"))).isLessThan(1_100_000);
    }
  }

  @Test
  void shouldKeepTheOrderAndTheBitsOfValues() {
    double[] rising = {
      Double.NEGATIVE_INFINITY,
      -1.5,
      -Double.MIN_VALUE,
      -0.0,
      0.0,
      Double.MIN_VALUE,
      1.5,
      Double.POSITIVE_INFINITY,
      Double.NaN
    };
    for (int i = 0; i < rising.length; i++) {
      assertThat(Double.doubleToRawLongBits(Sql.value(Sql.order(rising[i]))))
          .isEqualTo(Double.doubleToRawLongBits(rising[i]));
      if (i > 0) {
        assertThat(Sql.order(rising[i])).isGreaterThan(Sql.order(rising[i - 1]));
      }
    }
  }

  @Test
  void shouldNameTheFileWhenItIsDamaged() throws IOException {
    try (DataFolder folder = DataFolder.open(temp)) {
      Files.write(temp.resolve("rung.mv.db"), new byte[9_000]);
      assertThatThrownBy(() -> Database.open(folder).close())
          .isInstanceOfSatisfying(
              StorageException.class, e -> assertThat(e.code()).isEqualTo(ErrorCode.DATA_LOSS))
          .hasMessageContaining(temp.resolve("rung").toString());
    }
  }

  private static void update(Database database, String sql, Object... arguments) {
    database.transaction(connection -> Sql.update(connection, sql, arguments));
  }
}
