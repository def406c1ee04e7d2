package dev.rung.storage;

import dev.rung.study.AttemptRef;
import dev.rung.study.Entry;
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

  private static final String INSERT =
      "insert into curve_chunk (last_seq, entries, study, trial, attempt, first_seq)"
          + " values (?, ?, ?, ?, ?, ?)";
  private static final String UPDATE =
      "update curve_chunk set last_seq = ?, entries = ?"
          + " where study = ? and trial = ? and attempt = ? and first_seq = ?";

  /** The most entries that wait to be written. */
  private static final int MOST_HELD = 50_000;

  private final Statements statements;
  private final String study;
  private final Map<AttemptRef, Chunk> added = new LinkedHashMap<>();
  private int held;

  CurveTable(Statements statements, String study) {
    this.statements = statements;
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
      flush();
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
    statements.execute();
    added.clear();
    held = 0;
  }

  private void write(AttemptRef attempt, Chunk chunk) throws SQLException {
    List<Entry> entries = chunk.entries();
    long firstSeq = chunk.firstSeq();
    boolean grows = false;
    Optional<Chunk> last = last(attempt);
    if (last.isPresent()
        && last.get().nextSeq() == firstSeq
        && last.get().entries().size() < CHUNK) {
      firstSeq = last.get().firstSeq();
      entries = new ArrayList<>(last.get().entries());
      entries.addAll(chunk.entries());
      grows = true;
    }
    for (int from = 0; from < entries.size(); from += CHUNK) {
      List<Entry> part = entries.subList(from, Math.min(from + CHUNK, entries.size()));
      statements.change(
          grows && from == 0 ? UPDATE : INSERT,
          firstSeq + from + part.size() - 1,
          EventCodec.encode(part),
          study,
          attempt.trial(),
          attempt.attempt(),
          firstSeq + from);
    }
  }

  private Optional<Chunk> last(AttemptRef attempt) throws SQLException {
    return statements.first(
        "select first_seq, entries from curve_chunk"
            + " where study = ? and trial = ? and attempt = ?"
            + " order by study desc, trial desc, attempt desc, first_seq desc limit 1",
        row -> new Chunk(row.getLong(1), EventCodec.decodeEntries(row.getBytes(2))),
        study,
        attempt.trial(),
        attempt.attempt());
  }
}
