package dev.rung.storage;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.SQLExceptionOverride;
import dev.rung.study.ErrorCode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import javax.sql.DataSource;
import org.apache.pekko.actor.setup.Setup;
import org.jspecify.annotations.Nullable;

/**
 * One pool of connections for the journal, the projectors and all queries. The schema is as new as
 * the program. It is handed to an actor system as a setup: {@code
 * BootstrapSetup.create(config).and(database.setup())}; the system closes it when it has ended.
 */
public final class Database implements AutoCloseable {
  private static final int CONNECTIONS = 8;
  private static final String EMBEDDED = "jdbc:h2:file:";

  private final HikariDataSource pool;
  private final @Nullable Upkeep upkeep;

  private Database(HikariDataSource pool, @Nullable Upkeep upkeep) {
    this.pool = pool;
    this.upkeep = upkeep;
  }

  /**
   * Opens the database in a data folder, and creates it where there is none.
   *
   * @throws StorageException the database cannot be used
   */
  public static Database open(DataFolder folder) {
    String path = folder.path().resolve("rung").toString();
    if (path.contains(";")) {
      throw new StorageException(
          ErrorCode.INVALID, "expected a data folder without ';' in its path, but came " + path);
    }
    // WRITE_DELAY=0: a commit is in the file before it is acknowledged, so a killed process loses
    // nothing. No hook that closes the file while actors still write; no trace file. The default
    // of 8 statements that a connection remembers is less than the projectors use in turns.
    return open(
        EMBEDDED
            + path
            + ";DATABASE_TO_LOWER=true;WRITE_DELAY=0;DB_CLOSE_ON_EXIT=FALSE;TRACE_LEVEL_FILE=0"
            + ";QUERY_CACHE_SIZE=64",
        "rung",
        "");
  }

  /**
   * Opens a database by its address.
   *
   * @param url of JDBC, H2 or PostgreSQL
   * @throws StorageException the database cannot be used
   */
  public static Database open(String url, String user, String password) {
    HikariConfig config = new HikariConfig();
    config.setPoolName("rung");
    config.setJdbcUrl(url);
    config.setUsername(user);
    config.setPassword(password);
    config.setMaximumPoolSize(CONNECTIONS);
    config.setExceptionOverride(new EvictClosed());
    HikariDataSource pool;
    try {
      pool = new HikariDataSource(config);
    } catch (RuntimeException e) {
      throw refused(url, e);
    }
    try {
      Schema.migrate(pool);
      return new Database(pool, url.startsWith(EMBEDDED) ? Upkeep.start(pool) : null);
    } catch (SQLException e) {
      pool.close();
      throw refused(url, e);
    } catch (RuntimeException e) {
      pool.close();
      throw e;
    }
  }

  /** For JDBC. */
  public DataSource dataSource() {
    return pool;
  }

  /** Connections, and so the most statements at a time. */
  int size() {
    return pool.getMaximumPoolSize();
  }

  boolean isPostgres() {
    return pool.getJdbcUrl().toLowerCase(Locale.ROOT).startsWith("jdbc:postgresql:");
  }

  /** Hands this database to an actor system, whose journal uses it. */
  public Setup setup() {
    return new InSystem(this);
  }

  /** A second time it does nothing. */
  @Override
  public void close() {
    if (upkeep != null) {
      upkeep.close();
    }
    pool.close();
  }

  /**
   * Takes connections out of the pool whose database is closed. After a write that failed, as on a
   * full disk, H2 closes a database under its connections, which go on saying that they are valid;
   * a new connection opens it again.
   */
  private static final class EvictClosed implements SQLExceptionOverride {
    @java.lang.Override
    public SQLExceptionOverride.Override adjudicate(SQLException e) {
      return e.getErrorCode() == org.h2.api.ErrorCode.DATABASE_IS_CLOSED
          ? SQLExceptionOverride.Override.MUST_EVICT
          : SQLExceptionOverride.Override.CONTINUE_EVICT;
    }
  }

  /** Work within one transaction. */
  interface Work<T> {
    T in(Connection connection) throws SQLException;
  }

  /**
   * Commits the work, or takes it back where it fails.
   *
   * @throws StorageException UNAVAILABLE: the database failed
   */
  <T> T transaction(Work<T> work) {
    try (Connection connection = pool.getConnection()) {
      connection.setAutoCommit(false);
      try {
        T result = work.in(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException e) {
        connection.rollback();
        throw e;
      }
    } catch (SQLException e) {
      throw new StorageException(ErrorCode.UNAVAILABLE, "the database failed: " + e, e);
    }
  }

  private static StorageException refused(String url, Throwable e) {
    Throwable root = e;
    while (root.getCause() != null && !(root instanceof SQLException)) {
      root = root.getCause();
    }
    boolean damaged =
        root instanceof SQLException sql
            && sql.getErrorCode() == org.h2.api.ErrorCode.FILE_CORRUPTED_1;
    return new StorageException(
        damaged ? ErrorCode.DATA_LOSS : ErrorCode.UNAVAILABLE,
        "expected a database at %s, but: %s".formatted(url, root.getMessage()),
        e);
  }

  /** A database in an actor system's settings. */
  static final class InSystem extends Setup {
    final Database database;

    private InSystem(Database database) {
      this.database = database;
    }
  }
}
