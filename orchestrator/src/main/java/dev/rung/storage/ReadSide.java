package dev.rung.storage;

import dev.rung.halving.Evidence;
import dev.rung.space.Assignment;
import dev.rung.study.Entry;
import dev.rung.study.StudySummary;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What clients read without asking a study: tables that a projector keeps up with the journal.
 * Every method blocks on the database.
 */
public interface ReadSide {

  /** Every study, newest first. */
  List<StudyRow> studies();

  /**
   * Studies with this id, else with an id that begins so (at least 4 characters), else this name.
   */
  List<StudyRow> find(String study);

  /** Trials with a number above {@code after}, by number, at most {@code limit}. */
  List<TrialRow> trials(String study, int after, int limit);

  /** One trial. */
  Optional<TrialRow> trial(String study, int number);

  /** Every decision about a trial, oldest first. */
  List<VerdictRow> verdicts(String study, int trial);

  /**
   * The log of an attempt in order, as far as it has a sequence number above {@code afterSeq}.
   *
   * @param limit the most chunks
   */
  List<CurveChunk> curve(String study, int trial, int attempt, long afterSeq, int limit);

  /** Text of a study's file, with what was changed since; empty: there is no such study. */
  Optional<String> source(String study);

  /** Number of the newest event of a study that the tables know; 0 before the first. */
  long projected(String study);

  /**
   * A study.
   *
   * @param created milliseconds since 1970
   * @param status name of its {@link dev.rung.study.StudyStatus}
   * @param summary what it came to, as it was at its end; empty before
   */
  record StudyRow(
      String id,
      String name,
      long created,
      String status,
      String reason,
      Optional<StudySummary> summary) {}

  /**
   * A trial.
   *
   * @param status name of its {@link dev.rung.study.TrialStatus}
   * @param assignment values in the order of the space
   * @param best best value of the first objective; null before the first finite value
   * @param parent number of the trial that it is a changed copy of; 0: of none
   */
  record TrialRow(
      int number,
      String status,
      String reason,
      Assignment assignment,
      long step,
      @Nullable Double best,
      Entry.@Nullable Checkpoint checkpoint,
      List<AttemptRow> attempts,
      int parent) {

    /** A trial that is no copy. */
    public TrialRow(
        int number,
        String status,
        String reason,
        Assignment assignment,
        long step,
        @Nullable Double best,
        Entry.@Nullable Checkpoint checkpoint,
        List<AttemptRow> attempts) {
      this(number, status, reason, assignment, step, best, checkpoint, attempts, 0);
    }
  }

  /**
   * An attempt.
   *
   * @param leased milliseconds since 1970
   * @param ended milliseconds since 1970; 0 while it runs
   * @param cause name of its {@link dev.rung.study.Cause}; empty while it runs, and where it never
   *     began
   */
  record AttemptRow(
      int number,
      String node,
      long leased,
      long ended,
      String cause,
      String message,
      long startStep) {}

  /**
   * A decision about a trial.
   *
   * @param event number of the event that holds it
   * @param time milliseconds since 1970
   * @param attempt 0 where none was in question
   * @param verdict continue, pause, stop, promote, close, lost, failed, ...
   * @param evidence null where no rung was in question
   * @param text the whole of it in a sentence
   */
  record VerdictRow(
      long event,
      long time,
      int attempt,
      String verdict,
      @Nullable Evidence evidence,
      String text) {}

  /**
   * A part of an attempt's log.
   *
   * @param firstSeq sequence number of the first entry; the others follow without gaps
   * @param entries at most 512
   */
  record CurveChunk(long firstSeq, List<Entry> entries) {}
}
