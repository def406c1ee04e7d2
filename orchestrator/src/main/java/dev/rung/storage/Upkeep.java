package dev.rung.storage;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.h2.engine.SessionLocal;
import org.h2.jdbc.JdbcConnection;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the embedded database's file small and on the disk. With a write at every commit H2 runs no
 * thread of its own that would do so (H2 issue 442): each commit leaves behind about 20 kB that
 * nobody collects. Here, once a second where something was committed, the file is forced to the
 * disk and sparse parts of it are written together.
 */
final class Upkeep implements AutoCloseable {
  /**
   * How long space that was given up is not overwritten. H2 waits 45 s, since it does not know when
   * the disk has what was written; here that is so after a second.
   */
  static final Duration RETENTION = Duration.ofSeconds(5);

  private static final Logger LOG = LoggerFactory.getLogger(Upkeep.class);

  private static final Duration EVERY = Duration.ofSeconds(1);

  /** Percentage of live data below which parts of the file are written together. */
  private static final int FILL_RATE = 40;

  /** The most that one round writes. */
  private static final int MOST_BYTES = 4 << 20;

  private final MVStore store;
  private final ScheduledExecutorService thread;
  private final ScheduledFuture<?> rounds;
  private long done;
  private boolean troubled;

  private Upkeep(MVStore store) {
    this.store = store;
    thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("rung-database-upkeep").factory());
    rounds =
        thread.scheduleWithFixedDelay(
            this::run, EVERY.toMillis(), EVERY.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Begins to look after an embedded database. */
  static Upkeep start(DataSource database) throws SQLException {
    MVStore store = store(database);
    store.setRetentionTime((int) RETENTION.toMillis());
    return new Upkeep(store);
  }

  /** The file behind an embedded database. */
  static MVStore store(DataSource database) throws SQLException {
    try (Connection connection = database.getConnection()) {
      SessionLocal session = (SessionLocal) connection.unwrap(JdbcConnection.class).getSession();
      return session.getDatabase().getStore().getMvStore();
    }
  }

  private void run() {
    try {
      long version = store.getCurrentVersion();
      if (version != done && !store.isClosed()) {
        round(store);
        done = version;
      }
      troubled = false;
    } catch (MVStoreException e) {
      // Commits meet the same trouble and say so to those who wait for them.
      if (!troubled && !store.isClosed()) {
        troubled = true;
        LOG.warn("The database's file cannot be looked after: {}", e.getMessage());
      }
    }
  }

  /** Forces the file to the disk and writes sparse parts of it together. */
  static void round(MVStore store) {
    store.sync();
    store.compact(FILL_RATE, MOST_BYTES);
  }

  @Override
  public void close() {
    // Without an interrupt, which would close the file under H2.
    rounds.cancel(false);
    thread.shutdown();
  }
}
