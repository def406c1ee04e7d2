package dev.rung.storage;

import dev.rung.halving.Evidence;
import dev.rung.space.Assignment;
import dev.rung.study.Entry;
import dev.rung.study.StudyStatus;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads the tables that {@link Projectors} write. */
public final class JdbcReadSide implements ReadSide {
  /** The shortest beginning of an id that stands for it. */
  private static final int LEAST_PREFIX = 4;

  private static final String STUDY =
      "select study, name, created, status, reason, summary from study";
  private static final String TRIAL =
      "select trial, status, reason, assignment, step, best_order, checkpoint, parent"
          + " from trial"
          + " where study = ? and status <> '"
          + StudyTables.SUGGESTED
          + "'";

  private final Database database;

  /** Reads from a database that is open. */
  public JdbcReadSide(Database database) {
    this.database = database;
  }

  @Override
  public List<StudyRow> studies() {
    return database.transaction(
        c -> Sql.query(c, STUDY + " order by created desc, study", JdbcReadSide::study));
  }

  /**
   * How many studies are in each state.
   *
   * @throws StorageException UNAVAILABLE: the database failed
   */
  public Map<StudyStatus, Long> counts() {
    Map<StudyStatus, Long> counts = new EnumMap<>(StudyStatus.class);
    database.transaction(c ->
        Sql.query(
            c,
            "select status, count(*) from study group by status",
            row -> counts.put(StudyStatus.valueOf(row.getString(1)), row.getLong(2))));
    return counts;
  }

  @Override
  public List<StudyRow> find(String study) {
    return database.transaction(c -> {
      List<StudyRow> found = Sql.query(c, STUDY + " where study = ?", JdbcReadSide::study, study);
      if (found.isEmpty() && study.length() >= LEAST_PREFIX) {
        found =
            Sql.query(
                c,
                STUDY + " where substring(study, 1, ?) = ? order by created desc, study",
                JdbcReadSide::study,
                study.length(),
                study);
      }
      if (found.isEmpty()) {
        found =
            Sql.query(
                c,
                STUDY + " where name = ? order by created desc, study",
                JdbcReadSide::study,
                study);
      }
      return found;
    });
  }

  @Override
  public List<TrialRow> trials(String study, int after, int limit) {
    return database.transaction(c ->
        withAttempts(
            c,
            study,
            Sql.query(
                c,
                TRIAL + " and trial > ? order by study, trial limit ?",
                JdbcReadSide::trial,
                study,
                after,
                limit)));
  }

  @Override
  public Optional<TrialRow> trial(String study, int number) {
    return database.transaction(c ->
        withAttempts(
                c,
                study,
                Sql.query(c, TRIAL + " and trial = ?", JdbcReadSide::trial, study, number))
            .stream()
            .findFirst());
  }

  @Override
  public List<VerdictRow> verdicts(String study, int trial) {
    return database.transaction(c ->
        Sql.query(
            c,
            "select event, time_millis, attempt, verdict, evidence, reason from verdict"
                + " where study = ? and trial = ? order by event",
            JdbcReadSide::verdict,
            study,
            trial));
  }

  @Override
  public List<CurveChunk> curve(String study, int trial, int attempt, long afterSeq, int limit) {
    return database.transaction(c ->
        Sql.query(
            c,
            "select first_seq, entries from curve_chunk where study = ? and trial = ?"
                + " and attempt = ? and last_seq > ? order by study, trial, attempt, first_seq limit ?",
            row -> new CurveChunk(row.getLong(1), EventCodec.decodeEntries(row.getBytes(2))),
            study,
            trial,
            attempt,
            afterSeq,
            limit));
  }

  @Override
  public Optional<String> source(String study) {
    return database.transaction(c ->
        Sql.first(
                c,
                "select source from study where study = ?",
                row -> Optional.ofNullable(row.getString(1)),
                study)
            .flatMap(source -> source));
  }

  @Override
  public long projected(String study) {
    return database.transaction(c -> Projection.offset(c, study).event());
  }

  private static StudyRow study(ResultSet row) throws SQLException {
    return new StudyRow(
        row.getString(1),
        row.getString(2),
        row.getLong(3),
        row.getString(4),
        row.getString(5),
        Optional.ofNullable(row.getBytes(6)).map(EventCodec::decodeSummary));
  }

  private static TrialRow trial(ResultSet row) throws SQLException {
    Long best = row.getObject(6, Long.class);
    byte @Nullable [] checkpoint = row.getBytes(7);
    return new TrialRow(
        row.getInt(1),
        row.getString(2),
        row.getString(3),
        Cbor.read(Assignment.class, row.getBytes(4)),
        row.getLong(5),
        best == null ? null : Sql.value(best),
        checkpoint == null ? null : Cbor.read(Entry.Checkpoint.class, checkpoint),
        List.of(),
        row.getInt(8));
  }

  private static VerdictRow verdict(ResultSet row) throws SQLException {
    byte @Nullable [] evidence = row.getBytes(5);
    return new VerdictRow(
        row.getLong(1),
        row.getLong(2),
        row.getInt(3),
        row.getString(4),
        evidence == null ? null : Cbor.read(Evidence.class, evidence),
        row.getString(6));
  }

  /** The attempts of all trials by one query. */
  private static List<TrialRow> withAttempts(
      Connection connection, String study, List<TrialRow> trials) throws SQLException {
    if (trials.isEmpty()) {
      return trials;
    }
    Map<Integer, List<AttemptRow>> attempts = new HashMap<>();
    Sql.query(
        connection,
        "select trial, attempt, node, leased, ended, cause, message, start_step from attempt"
            + " where study = ? and trial between ? and ? order by trial, attempt",
        row ->
            attempts
                .computeIfAbsent(row.getInt(1), trial -> new ArrayList<>())
                .add(
                    new AttemptRow(
                        row.getInt(2),
                        row.getString(3),
                        row.getLong(4),
                        row.getLong(5),
                        row.getString(6),
                        row.getString(7),
                        row.getLong(8))),
        study,
        trials.get(0).number(),
        trials.get(trials.size() - 1).number());
    return trials.stream()
        .map(trial ->
            new TrialRow(
                trial.number(),
                trial.status(),
                trial.reason(),
                trial.assignment(),
                trial.step(),
                trial.best(),
                trial.checkpoint(),
                attempts.getOrDefault(trial.number(), List.of()),
                trial.parent()))
        .toList();
  }
}
