package dev.rung.storage;

import dev.rung.study.ErrorCode;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;

/** Brings a database's tables to the newest version. */
final class Schema {
  private Schema() {}

  static void migrate(DataSource database) {
    try {
      Flyway.configure().dataSource(database).locations("classpath:db/migration").load().migrate();
    } catch (FlywayException e) {
      throw new StorageException(
          ErrorCode.DATA_LOSS, "expected tables that this program made, but: " + e.getMessage(), e);
    }
  }
}
