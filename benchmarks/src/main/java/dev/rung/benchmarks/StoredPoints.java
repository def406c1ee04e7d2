package dev.rung.benchmarks;

import dev.rung.proto.v1.AttemptRef;
import dev.rung.storage.DataFolder;
import dev.rung.storage.Database;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;

/** What a data folder holds after its server was killed: counted in the journal itself. */
final class StoredPoints {
  private static final int PAGE = 2_000;

  private final Map<AttemptRef, Long> lastSeq = new HashMap<>();
  private final long from;
  private final long to;
  private long now;
  private long points;
  private long pointsInWindow;
  private long completed;
  private long completedInWindow;
  private long eventsInWindow;

  private StoredPoints(long from, long to) {
    this.from = from;
    this.to = to;
  }

  /** Finds what a row's bytes hold. */
  interface Reader {
    /** Tells of every part of an attempt's log and of every completed trial. */
    void read(byte[] row, StoredPoints found);
  }

  /**
   * Reads every event.
   *
   * @param from begin of the window to count in, in milliseconds since 1970
   * @param to its end
   */
  static StoredPoints count(Path data, Reader reader, long from, long to) throws SQLException {
    StoredPoints found = new StoredPoints(from, to);
    try (DataFolder folder = DataFolder.open(data);
        Database database = Database.open(folder);
        Connection connection = database.dataSource().getConnection();
        PreparedStatement page =
            connection.prepareStatement(
                "select ordering, write_timestamp, event_payload from event_journal"
                    + " where ordering > ? and persistence_id like 'study|%'"
                    + " order by ordering limit "
                    + PAGE)) {
      long after = 0;
      boolean more = true;
      while (more) {
        page.setLong(1, after);
        more = false;
        try (ResultSet rows = page.executeQuery()) {
          while (rows.next()) {
            more = true;
            after = rows.getLong(1);
            found.now = rows.getLong(2);
            found.event();
            reader.read(rows.getBytes(3), found);
          }
        }
      }
    }
    return found;
  }

  private void event() {
    eventsInWindow += isInWindow() ? 1 : 0;
  }

  /** Part of a log, which must go on where the part before it ended. */
  void log(AttemptRef attempt, long firstSeq, int entries, int points) {
    long last = lastSeq.getOrDefault(attempt, 0L);
    if (firstSeq != last + 1) {
      throw new IllegalStateException(
          "expected entry %d of %s, but the journal goes on with %d"
              .formatted(last + 1, attempt, firstSeq));
    }
    lastSeq.put(attempt, last + entries);
    this.points += points;
    pointsInWindow += isInWindow() ? points : 0;
  }

  /** A trial that is done. */
  void completed() {
    completed++;
    completedInWindow += isInWindow() ? 1 : 0;
  }

  private boolean isInWindow() {
    return from <= now && now < to;
  }

  /** Every entry that was acknowledged is there. */
  void check(Map<AttemptRef, Long> acknowledged) {
    acknowledged.forEach((attempt, seq) -> {
      if (lastSeq.getOrDefault(attempt, 0L) < seq) {
        throw new IllegalStateException(
            "expected %d acknowledged entries of %s, but found %d"
                .formatted(seq, attempt, lastSeq.getOrDefault(attempt, 0L)));
      }
    });
  }

  long points() {
    return points;
  }

  double pointsPerSecond() {
    return pointsInWindow * 1_000.0 / (to - from);
  }

  double completedPerSecond() {
    return completedInWindow * 1_000.0 / (to - from);
  }

  double eventsPerSecond() {
    return eventsInWindow * 1_000.0 / (to - from);
  }

  long completedTrials() {
    return completed;
  }
}
