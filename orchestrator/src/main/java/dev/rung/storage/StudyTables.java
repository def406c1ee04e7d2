package dev.rung.storage;

import dev.rung.halving.Evidence;
import dev.rung.study.AttemptRef;
import dev.rung.study.Cause;
import dev.rung.study.Reasons;
import dev.rung.study.StudyEvent;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyStatus;
import dev.rung.study.StudySummary;
import dev.rung.study.StudyView;
import dev.rung.study.Trial;
import dev.rung.study.TrialStatus;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The rows of one study within one transaction: events are applied, then {@link #flush}. */
final class StudyTables implements AutoCloseable {
  /** Status of a trial that has an assignment and had no slot yet. */
  static final String SUGGESTED = "SUGGESTED";

  private final Statements statements;
  private final String study;
  private final TrialTable trials;
  private final CurveTable curves;
  private @Nullable StudyPlan plan;

  StudyTables(Connection connection, String study) {
    this.statements = new Statements(connection);
    this.study = study;
    this.trials = new TrialTable(statements, study);
    this.curves = new CurveTable(statements, study);
  }

  void apply(StudyEvent event) throws SQLException {
    switch (event) {
      case StudyEvent.StudyCreated e -> create(e);
      case StudyEvent.LadderSet e -> {
        // The ladder is in the summary.
      }
      case StudyEvent.SuggestionAsked e -> {
        // A trial has a row from its assignment on.
      }
      case StudyEvent.TrialSuggested e -> trials.add(e.trial(), SUGGESTED, e.assignment(), 0);
      case StudyEvent.SpaceExhausted e -> {
        // Why it ends is in the event that says so.
      }
      case StudyEvent.TrialPromoted e ->
          verdict(e, e.trial(), 0, "promote", e.evidence(), "promoted: " + standing(e.evidence()));
      case StudyEvent.AttemptLeased e -> {
        trials.trial(e.attempt().trial()).become(TrialStatus.RUNNING, "");
        trials.addAttempt(e);
      }
      case StudyEvent.AttemptReleased e -> {
        trials.trial(e.attempt().trial()).become(TrialStatus.WAITING, e.reason());
        trials.attempt(e.attempt()).end(e.time(), "", e.reason());
        verdict(e, e.attempt(), "release", null, "never began: " + e.reason());
      }
      case StudyEvent.CheckpointLost e -> {
        trials.trial(e.trial()).lose(e.left());
        verdict(e, e.trial(), 0, "fall back", null, Reasons.of(e));
      }
      case StudyEvent.EntriesRecorded e -> {
        curves.add(e.attempt(), e.firstSeq(), e.entries());
        trials.record(plan(), e.attempt(), e.entries());
      }
      case StudyEvent.LateEntriesRecorded e -> curves.add(e.attempt(), e.firstSeq(), e.entries());
      case StudyEvent.RungEntered e -> {
        // What it comes to is in the verdict that follows.
      }
      case StudyEvent.Judged e -> {
        if (e.verdict() != StudyEvent.Verdict.CONTINUE) {
          trials.attempt(e.attempt()).judge(e.verdict());
        }
        verdict(e, e.attempt(), lower(e.verdict()), e.evidence(), Reasons.of(e));
      }
      case StudyEvent.MetricAwaited e -> {
        trials.attempt(e.attempt()).judge(StudyEvent.Verdict.PAUSE);
        verdict(e, e.attempt(), "await", null, Reasons.awaits(plan(), e.level()));
      }
      case StudyEvent.MetricPut e -> {
        trials.score(plan(), e);
        TrialRecord scored = trials.trial(e.trial());
        if (e.replaces() && scored.status.equals(TrialStatus.PAUSED.name())) {
          scored.become(TrialStatus.AWAITING_METRIC, "scored again");
        }
        String text = "%s is %s, as came from outside".formatted(e.metric(), e.value());
        verdict(e, e.trial(), 0, "score", null, text);
      }
      case StudyEvent.TrialScored e -> {
        TrialRecord trial = trials.trial(e.trial());
        if (trial.status.equals(TrialStatus.AWAITING_METRIC.name())) {
          trial.become(e.next(), "scored: " + standing(e.evidence()));
        }
        verdict(e, e.trial(), 0, lower(e.next()), e.evidence(), standing(e.evidence()));
      }
      case StudyEvent.TrialCloned e -> {
        trials.add(e.trial(), SUGGESTED, e.assignment(), e.parent());
        trials.trial(e.trial()).begin(e.checkpoint());
        String text =
            "a changed copy of trial %d, from its checkpoint at %d, in place of trial %d"
                .formatted(e.parent(), e.checkpoint().step(), e.replaced());
        verdict(e, e.trial(), 0, "clone", null, text);
      }
      case StudyEvent.PlanChanged e -> change(e);
      case StudyEvent.AttemptEnded e -> end(e);
      case StudyEvent.TrialsClosed e -> {
        for (StudyEvent.Closing closing : e.trials()) {
          trials.trial(closing.trial()).become(TrialStatus.STOPPED, e.reason());
          Optional<Evidence> evidence = closing.evidence();
          String text = evidence.map(x -> e.reason() + "; " + standing(x)).orElse(e.reason());
          verdict(e, closing.trial(), 0, "close", evidence.orElse(null), text);
        }
      }
      case StudyEvent.TrialStopped e -> {
        TrialRecord trial = trials.trial(e.trial());
        if (!trial.status.equals(TrialStatus.RUNNING.name())) {
          trial.become(TrialStatus.STOPPED, e.reason());
        }
        verdict(e, e.trial(), 0, "stop", null, e.reason());
      }
      case StudyEvent.TrialRetried e -> {
        trials.trial(e.trial()).become(TrialStatus.WAITING, "to be retried");
        verdict(e, e.trial(), 0, "retry", null, "to be retried, as a client asked");
      }
      case StudyEvent.NodeExcluded e -> {
        // It is about no trial.
      }
      case StudyEvent.YieldAsked e -> {
        // What comes of it is in the verdicts.
      }
      case StudyEvent.AttemptYielded e -> verdict(e, e.attempt(), "yield", null, e.reason());
      case StudyEvent.StudyPaused e -> become(StudyStatus.PAUSED, e.reason());
      case StudyEvent.StudyResumed e -> become(StudyStatus.RUNNING, "");
      case StudyEvent.StudyStopping e -> become(StudyStatus.STOPPING, e.reason().text());
      case StudyEvent.StudyEnded e -> {
        become(StudyStatus.ENDED, e.reason().text());
        trials.flush();
        trials.deleteSuggested();
      }
    }
  }

  /** Whether the study has ended, as far as events were applied. */
  boolean isEnded() throws SQLException {
    statements.execute();
    return statements
        .first("select status from study where study = ?", row -> row.getString(1), study)
        .filter(StudyStatus.ENDED.name()::equals)
        .isPresent();
  }

  /** Stores what the study came to. */
  void ended(StudySummary summary) throws SQLException {
    statements.change(
        "update study set summary = ? where study = ?", EventCodec.encode(summary), study);
  }

  /** Writes what is not written yet. */
  void flush() throws SQLException {
    trials.flush();
    curves.flush();
    statements.execute();
  }

  @Override
  public void close() throws SQLException {
    statements.close();
  }

  private void create(StudyEvent.StudyCreated e) throws SQLException {
    plan = e.plan();
    statements.change(
        "insert into study (study, name, created, status, reason, plan, source)"
            + " values (?, ?, ?, ?, ?, ?, ?)",
        study,
        e.plan().name(),
        e.time(),
        StudyStatus.RUNNING.name(),
        "",
        Cbor.write(StudyPlan.class, e.plan()),
        e.source());
  }

  private void change(StudyEvent.PlanChanged e) throws SQLException {
    plan = e.plan();
    statements.change(
        "update study set plan = ?, source = coalesce(?, source) where study = ?",
        Cbor.write(StudyPlan.class, e.plan()),
        e.source().orElse(null),
        study);
  }

  /**
   * Follows a change of the plan, which may let a study and its trials go on that had ended.
   *
   * @param wasEnded whether the study had
   * @param now the study after the change
   */
  void changed(boolean wasEnded, StudyView now) throws SQLException {
    become(now.status(), now.reason());
    for (Trial trial : now.trials()) {
      switch (trial.status()) {
        case WAITING, PAUSED, AWAITING_METRIC ->
            trials.trial(trial.number()).become(trial.status(), trial.reason());
        case RUNNING, COMPLETED, STOPPED, FAILED, INFEASIBLE -> {
          // A change does not touch them.
        }
      }
    }
    if (wasEnded) {
      for (var suggested : now.suggested().entrySet()) {
        trials.add(suggested.getKey(), SUGGESTED, suggested.getValue(), 0);
      }
    }
  }

  private StudyPlan plan() throws SQLException {
    if (plan == null) {
      plan =
          statements
              .first(
                  "select plan from study where study = ?",
                  row -> Cbor.read(StudyPlan.class, row.getBytes(1)),
                  study)
              .orElseThrow();
    }
    return plan;
  }

  private void become(StudyStatus status, String reason) throws SQLException {
    statements.change(
        "update study set status = ?, reason = ? where study = ?", status.name(), reason, study);
  }

  private void end(StudyEvent.AttemptEnded e) throws SQLException {
    TrialRecord trial = trials.trial(e.attempt().trial());
    AttemptRecord attempt = trials.attempt(e.attempt());
    trial.become(e.next(), Reasons.of(e));
    attempt.end(e.time(), e.cause().name(), e.message());
    if (e.next() == TrialStatus.INFEASIBLE) {
      trial.withdraw();
    }
    if (!asJudged(attempt, e.cause())) {
      String text = "%s; the trial is %s".formatted(Reasons.of(e), lower(e.next()));
      verdict(e, e.attempt(), word(e), null, text);
    }
  }

  /** Whether an attempt ended as its verdict said, which has a row already. */
  private static boolean asJudged(AttemptRecord attempt, Cause cause) {
    return attempt.isJudged()
        && switch (cause) {
          case COMPLETED, PAUSED, STOPPED, DIVERGED -> true;
          case PREEMPTED, LOST, OUT_OF_MEMORY, INFEASIBLE, NO_METRICS, USER_ERROR, BAD_CHECKPOINT ->
              false;
        };
  }

  private static String word(StudyEvent.AttemptEnded e) {
    return e.next() == TrialStatus.FAILED ? lower(e.next()) : lower(e.cause());
  }

  private static String standing(Evidence evidence) {
    return Reasons.standing(evidence);
  }

  private static String lower(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }

  private void verdict(
      StudyEvent e, AttemptRef ref, String verdict, @Nullable Evidence evidence, String text)
      throws SQLException {
    verdict(e, ref.trial(), ref.attempt(), verdict, evidence, text);
  }

  private void verdict(
      StudyEvent e,
      int trial,
      int attempt,
      String verdict,
      @Nullable Evidence evidence,
      String text)
      throws SQLException {
    statements.change(
        "insert into verdict (study, trial, event, time_millis, attempt, verdict, evidence, reason)"
            + " values (?, ?, ?, ?, ?, ?, ?, ?)",
        study,
        trial,
        e.number(),
        e.time(),
        attempt,
        verdict,
        evidence == null ? null : Cbor.write(Evidence.class, evidence),
        text);
  }
}
