package dev.rung.storage;

import dev.rung.study.ErrorCode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.CRC32;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/**
 * Brings a database's tables to the newest version. Loading Flyway takes longer than opening the
 * database, so it is asked only where its own history table does not show exactly the migrations
 * that this program has, by version and checksum.
 */
final class Schema {
  /** Every migration, oldest first. */
  static final List<String> MIGRATIONS =
      List.of("V1__journal_and_read_side.sql", "V2__living_studies.sql");

  private static final String FOLDER = "db/migration";

  private Schema() {}

  /**
   * Migrates what is not current.
   *
   * @throws StorageException DATA_LOSS: the tables are not what this program made of them
   */
  static void migrate(DataSource database) {
    try {
      if (isCurrent(database)) {
        return;
      }
      Flyway.configure()
          .dataSource(database)
          .locations("classpath:" + FOLDER)
          .failOnMissingLocations(true)
          .ignoreMigrationPatterns(new String[0]) // Also a newer program's migrations are an error.
          .load()
          .migrate();
    } catch (FlywayException | SQLException e) {
      throw new StorageException(
          ErrorCode.DATA_LOSS,
          "expected a database with the tables of this program, but: " + e.getMessage(),
          e);
    }
  }

  /** Whether every migration, and no other, was applied with success and as it is now. */
  static boolean isCurrent(DataSource database) throws SQLException {
    try (Connection connection = database.getConnection()) {
      try (ResultSet tables =
          connection.getMetaData().getTables(null, null, "flyway_schema_history", null)) {
        if (!tables.next()) {
          return false;
        }
      }
      List<Applied> applied = new ArrayList<>();
      try (Statement statement = connection.createStatement();
          ResultSet rows =
              statement.executeQuery(
                  "select version, checksum, success from flyway_schema_history"
                      + " where version is not null order by installed_rank")) {
        while (rows.next()) {
          applied.add(new Applied(rows.getString(1), rows.getInt(2), rows.getBoolean(3)));
        }
      }
      return applied.equals(MIGRATIONS.stream().map(Applied::of).toList());
    }
  }

  private record Applied(String version, int checksum, boolean success) {
    static Applied of(String file) {
      return new Applied(file.substring(1, file.indexOf("__")), checksum(file), true);
    }

    /** As Flyway computes it: the CRC-32 of the lines without their ends. */
    private static int checksum(String file) {
      CRC32 crc = new CRC32();
      try (BufferedReader lines =
          new BufferedReader(
              new InputStreamReader(
                  Objects.requireNonNull(
                      Schema.class.getClassLoader().getResourceAsStream(FOLDER + "/" + file)),
                  StandardCharsets.UTF_8))) {
        lines.lines().forEach(line -> crc.update(line.getBytes(StandardCharsets.UTF_8)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return (int) crc.getValue();
    }
  }
}
