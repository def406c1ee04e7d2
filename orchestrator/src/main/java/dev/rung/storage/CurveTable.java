package dev.rung.storage;

import dev.rung.study.AttemptRef;
import dev.rung.study.Entry;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Entries of attempts' logs in chunks; the last chunk of an attempt grows until it is full. */
final class CurveTable {
  /** The most entries of a row. */
  static final int CHUNK = 512;

  /** The most entries that wait to be written. */
  private static final int MOST_HELD = 50_000;

  private final Connection connection;
  private final String study;
  private final Map<AttemptRef, Chunk> added = new LinkedHashMap<>();
  private int held;

  CurveTable(Connection connection, String study) {
    this.connection = connection;
    this.study = study;
  }

  private record Chunk(long firstSeq, List<Entry> entries) {
    long nextSeq() {
      return firstSeq + entries.size();
    }
  }

  void add(AttemptRef attempt, long firstSeq, List<Entry> entries) throws SQLException {
    Chunk chunk = added.get(attempt);
    if (chunk != null && chunk.nextSeq() != firstSeq) {
      write(attempt, chunk);
      chunk = null;
    }
    if (chunk == null) {
      chunk = new Chunk(firstSeq, new ArrayList<>());
      added.put(attempt, chunk);
    }
    chunk.entries().addAll(entries);
    held += entries.size();
    if (held >= MOST_HELD) {
      flush();
    }
  }

  void flush() throws SQLException {
    for (Map.Entry<AttemptRef, Chunk> entry : added.entrySet()) {
      write(entry.getKey(), entry.getValue());
    }
    added.clear();
    held = 0;
  }

  private void write(AttemptRef attempt, Chunk chunk) throws SQLException {
    List<Entry> entries = chunk.entries();
    long firstSeq = chunk.firstSeq();
    Optional<Chunk> last = last(attempt);
    if (last.isPresent()
        && last.get().nextSeq() == firstSeq
        && last.get().entries().size() < CHUNK) {
      firstSeq = last.get().firstSeq();
      entries = new ArrayList<>(last.get().entries());
      entries.addAll(chunk.entries());
      Sql.update(
          connection,
          "delete from curve_chunk"
              + " where study = ? and trial = ? and attempt = ? and first_seq = ?",
          study,
          attempt.trial(),
          attempt.attempt(),
          firstSeq);
    }
    for (int from = 0; from < entries.size(); from += CHUNK) {
      List<Entry> part = entries.subList(from, Math.min(from + CHUNK, entries.size()));
      Sql.update(
          connection,
          "insert into curve_chunk (study, trial, attempt, first_seq, last_seq, entries)"
              + " values (?, ?, ?, ?, ?, ?)",
          study,
          attempt.trial(),
          attempt.attempt(),
          firstSeq + from,
          firstSeq + from + part.size() - 1,
          EventCodec.encode(part));
    }
  }

  private Optional<Chunk> last(AttemptRef attempt) throws SQLException {
    return Sql.first(
        connection,
        "select first_seq, entries from curve_chunk"
            + " where study = ? and trial = ? and attempt = ? order by first_seq desc limit 1",
        row -> new Chunk(row.getLong(1), EventCodec.decodeEntries(row.getBytes(2))),
        study,
        attempt.trial(),
        attempt.attempt());
  }
}
