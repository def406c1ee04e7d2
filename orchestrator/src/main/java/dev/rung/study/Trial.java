package dev.rung.study;

import dev.rung.halving.Contestant;
import dev.rung.halving.Curve;
import dev.rung.space.Assignment;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One assignment of a study with all that became of it. Only {@link StudyState} changes it. */
public final class Trial implements Contestant {
  final int number;
  final Assignment assignment;
  final List<Attempt> attempts = new ArrayList<>(1);
  TrialStatus status = TrialStatus.RUNNING;
  String reason = "";

  /** Index of the rung that it heads for, or of the one that it is paused at. */
  int rung;

  /** Index of the lowest rung that it has not entered. */
  int entering;

  /** Number of the trial that it is a changed copy of; 0: of none. */
  int parent;

  /** What is judged once metrics from outside are there; null: nothing. */
  @Nullable Awaited awaited;

  /** Whether the end of the study closed it, so that it may go on if the study does. */
  boolean closedByEnd;

  /** What it reported, where the rule reads curves. */
  @Nullable Curve curve;

  long step;

  /** Best loss of the first objective; infinite before the first finite value. */
  double bestLoss = Double.POSITIVE_INFINITY;

  StudyView.@Nullable Best best;

  Entry.@Nullable Checkpoint checkpoint;
  Entry.@Nullable Checkpoint earlierCheckpoint;
  int lostInRow;
  int outOfMemory;
  int userErrors;

  Trial(int number, Assignment assignment) {
    this.number = number;
    this.assignment = assignment;
  }

  /** From 1 within the study. */
  @Override
  public int number() {
    return number;
  }

  /** Number of the trial that it is a changed copy of; 0: of none. */
  public int parent() {
    return parent;
  }

  /** What is judged once metrics from outside are there; null: nothing waits. */
  public @Nullable Awaited awaited() {
    return awaited;
  }

  /** Its hyper-parameters. */
  public Assignment assignment() {
    return assignment;
  }

  /** What it is doing. */
  public TrialStatus status() {
    return status;
  }

  /** Why it is doing that, for a person. */
  public String reason() {
    return reason;
  }

  /** The largest step that it reported. */
  public long step() {
    return step;
  }

  /** Index of the rung that it heads for or is paused at. */
  @Override
  public int rung() {
    return rung;
  }

  @Override
  public boolean hasCheckpoint() {
    return checkpoint != null;
  }

  @Override
  public boolean isClosed() {
    return status.isClosed();
  }

  /** Best loss of the first objective; infinite before the first finite value. */
  public double bestLoss() {
    return bestLoss;
  }

  /** Its best point; null before the first finite value. */
  public StudyView.@Nullable Best best() {
    return best;
  }

  /** Every attempt, oldest first. */
  public List<Attempt> attempts() {
    return Collections.unmodifiableList(attempts);
  }

  /** The newest attempt. */
  public Attempt lastAttempt() {
    return attempts.get(attempts.size() - 1);
  }

  /** An attempt by its number; null: there is none. */
  public @Nullable Attempt attempt(int attempt) {
    return attempt < 1 || attempt > attempts.size() ? null : attempts.get(attempt - 1);
  }

  /** The newest checkpoint; null: there is none. */
  public Entry.@Nullable Checkpoint checkpoint() {
    return checkpoint;
  }

  /** The checkpoint to go on from towards a milestone; null: from scratch. */
  public Entry.@Nullable Checkpoint resumeFor(long milestone) {
    return fallback().resumeFor(milestone);
  }

  void keep(Fallback checkpoints) {
    checkpoint = checkpoints.newest();
    earlierCheckpoint = checkpoints.earlier();
  }

  /** Its last two checkpoints. */
  Fallback fallback() {
    return new Fallback(checkpoint, earlierCheckpoint);
  }

  /** Whether a later attempt ran on another node than the one before. */
  public boolean moved() {
    @Nullable String node = null;
    for (Attempt attempt : attempts) {
      if (attempt.released) {
        continue;
      }
      if (node != null && !node.equals(attempt.slot.node())) {
        return true;
      }
      node = attempt.slot.node();
    }
    return false;
  }
}
