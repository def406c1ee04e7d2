package dev.rung.storage;

import dev.rung.space.Assignment;
import dev.rung.study.AttemptRef;
import dev.rung.study.Entry;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyPlan;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Trials and attempts of one study: read where first touched, written by {@link #flush}. */
final class TrialTable {
  private final Statements statements;
  private final String study;
  private final Map<Integer, TrialRecord> trials = new TreeMap<>();
  private final Map<AttemptRef, AttemptRecord> attempts = new HashMap<>();

  TrialTable(Statements statements, String study) {
    this.statements = statements;
    this.study = study;
  }

  void add(int number, String status, Assignment assignment, int parent) {
    TrialRecord trial = new TrialRecord();
    trial.isNew = true;
    trial.status = status;
    trial.assignment = Cbor.write(Assignment.class, assignment);
    trial.parent = parent;
    trials.put(number, trial);
  }

  void addAttempt(StudyEvent.AttemptLeased e) {
    AttemptRecord attempt = new AttemptRecord();
    attempt.isNew = true;
    attempt.node = e.slot().node();
    attempt.leased = e.time();
    attempt.startStep = e.startStep();
    attempt.lastStep = e.startStep();
    attempts.put(e.attempt(), attempt);
  }

  TrialRecord trial(int number) throws SQLException {
    TrialRecord trial = trials.get(number);
    if (trial == null) {
      trial =
          statements
              .first(
                  "select status, reason, assignment, step, best_order, checkpoint, parent from trial"
                      + " where study = ? and trial = ?",
                  row -> {
                    TrialRecord read = new TrialRecord();
                    read.status = row.getString(1);
                    read.reason = row.getString(2);
                    read.assignment = row.getBytes(3);
                    read.step = row.getLong(4);
                    Long order = row.getObject(5, Long.class);
                    read.best = order == null ? null : Sql.value(order);
                    read.checkpoint = row.getBytes(6);
                    read.parent = row.getInt(7);
                    return read;
                  },
                  study,
                  number)
              .orElseThrow();
      trials.put(number, trial);
    }
    return trial;
  }

  AttemptRecord attempt(AttemptRef ref) throws SQLException {
    AttemptRecord attempt = attempts.get(ref);
    if (attempt == null) {
      attempt =
          statements
              .first(
                  "select node, leased, ended, verdict, cause, message, start_step, last_step,"
                      + " latest from attempt where study = ? and trial = ? and attempt = ?",
                  row -> {
                    AttemptRecord read = new AttemptRecord();
                    read.node = row.getString(1);
                    read.leased = row.getLong(2);
                    read.ended = row.getLong(3);
                    read.verdict = row.getString(4);
                    read.cause = row.getString(5);
                    read.message = row.getString(6);
                    read.startStep = row.getLong(7);
                    read.lastStep = row.getLong(8);
                    read.latest = Cbor.readMetrics(row.getBytes(9));
                    return read;
                  },
                  study,
                  ref.trial(),
                  ref.attempt())
              .orElseThrow();
      attempts.put(ref, attempt);
    }
    return attempt;
  }

  /** Takes entries over into what is known of the trial, as the study's state does. */
  void record(StudyPlan plan, AttemptRef ref, List<Entry> entries) throws SQLException {
    TrialRecord trial = trial(ref.trial());
    AttemptRecord attempt = attempt(ref);
    for (Entry entry : entries) {
      switch (entry) {
        case Entry.Point point -> attempt.measure(plan, trial, point);
        case Entry.Saved(Entry.Checkpoint checkpoint) ->
            trial.checkpoint = Cbor.write(Entry.Checkpoint.class, checkpoint);
        case Entry.Ended ended -> {
          // AttemptEnded follows and says what becomes of the trial.
        }
      }
    }
  }

  /** Takes a metric from outside over into what is known of the trial's newest attempt. */
  void score(StudyPlan plan, StudyEvent.MetricPut e) throws SQLException {
    attempt(new AttemptRef(e.trial(), newestAttempt(e.trial())))
        .score(plan, trial(e.trial()), e.metric(), e.value(), e.replaces());
  }

  private int newestAttempt(int trial) throws SQLException {
    int stored =
        statements
            .first(
                "select max(attempt) from attempt where study = ? and trial = ?",
                row -> row.getInt(1),
                study,
                trial)
            .orElse(0);
    return attempts.keySet().stream()
        .filter(ref -> ref.trial() == trial)
        .mapToInt(AttemptRef::attempt)
        .reduce(stored, Math::max);
  }

  void deleteSuggested() throws SQLException {
    statements.change(
        "delete from trial where study = ? and status = ?", study, StudyTables.SUGGESTED);
    // A study that goes on may suggest a trial of the same number again.
    statements.execute();
  }

  /** Writes every row that was touched. */
  void flush() throws SQLException {
    for (Map.Entry<Integer, TrialRecord> entry : trials.entrySet()) {
      write(entry.getKey(), entry.getValue());
    }
    for (Map.Entry<AttemptRef, AttemptRecord> entry : attempts.entrySet()) {
      write(entry.getKey(), entry.getValue());
    }
    statements.execute();
    trials.clear();
    attempts.clear();
  }

  private void write(int number, TrialRecord t) throws SQLException {
    statements.change(
        t.isNew
            ? "insert into trial (status, reason, assignment, step, best_order, checkpoint,"
                + " parent, study, trial) values (?, ?, ?, ?, ?, ?, ?, ?, ?)"
            : "update trial set status = ?, reason = ?, assignment = ?, step = ?, best_order = ?,"
                + " checkpoint = ?, parent = ? where study = ? and trial = ?",
        t.status,
        t.reason,
        t.assignment,
        t.step,
        t.best == null ? null : Sql.order(t.best),
        t.checkpoint,
        t.parent,
        study,
        number);
  }

  private void write(AttemptRef ref, AttemptRecord a) throws SQLException {
    statements.change(
        a.isNew
            ? "insert into attempt (node, leased, ended, verdict, cause, message, start_step,"
                + " last_step, latest, study, trial, attempt)"
                + " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
            : "update attempt set node = ?, leased = ?, ended = ?, verdict = ?, cause = ?,"
                + " message = ?, start_step = ?, last_step = ?, latest = ?"
                + " where study = ? and trial = ? and attempt = ?",
        a.node,
        a.leased,
        a.ended,
        a.verdict,
        a.cause,
        a.message,
        a.startStep,
        a.lastStep,
        Cbor.writeMetrics(a.latest),
        study,
        ref.trial(),
        ref.attempt());
  }
}
