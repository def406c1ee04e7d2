package dev.rung.study;

import dev.rung.halving.Evidence;
import dev.rung.halving.Ladder;
import dev.rung.halving.Probing;
import dev.rung.halving.Score;
import dev.rung.space.Assignment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What happened to a study. Every input that had an effect is in the event that records it;
 * recovery uses events alone.
 */
public sealed interface StudyEvent {

  /** Counts the study's events from 1. */
  long number();

  /** Milliseconds since 1970; never less than the event before. */
  long time();

  /** The study began. */
  record StudyCreated(long number, long time, String study, StudyPlan plan, String source)
      implements StudyEvent {}

  /**
   * The ladder in force from now on.
   *
   * @param footing empty: of the only bracket, whose trials start at its first rung
   */
  record LadderSet(
      long number,
      long time,
      int version,
      List<Long> levels,
      String evidence,
      Optional<Footing> footing)
      implements StudyEvent {

    /** The event that puts a ladder in force. */
    static LadderSet of(Ladder ladder, int bracket, String evidence, Numbering n) {
      Footing footing = new Footing(bracket, ladder.start(), ladder.probing());
      return new LadderSet(
          n.next(),
          n.time(),
          ladder.version(),
          ladder.levels(),
          evidence,
          footing.equals(Footing.PLAIN) ? Optional.empty() : Optional.of(footing));
    }

    /** Index of its bracket. */
    public int bracket() {
      return footing.orElse(Footing.PLAIN).bracket();
    }

    /** The ladder. */
    Ladder ladder() {
      Footing from = footing.orElse(Footing.PLAIN);
      return new Ladder(version, levels, from.start(), from.probing());
    }
  }

  /**
   * Where the trials of a ladder start.
   *
   * @param bracket index of its bracket
   * @param start index of the rung that new trials head for
   */
  record Footing(int bracket, int start, Optional<Probing> probing) {
    static final Footing PLAIN = new Footing(0, 0, Optional.empty());
  }

  /** A suggestion for a trial may know the events up to its basis. */
  record SuggestionAsked(long number, long time, int trial, long basis) implements StudyEvent {}

  /** The assignment of a trial that has no slot yet. */
  record TrialSuggested(long number, long time, int trial, Assignment assignment, String source)
      implements StudyEvent {}

  /** There is no assignment left for a trial and later ones: what was asked for is not any more. */
  record SpaceExhausted(long number, long time, int trial) implements StudyEvent {}

  /**
   * A trial may go on from its rung to the next.
   *
   * @param carried present and true: whatever its rank
   */
  record TrialPromoted(
      long number, long time, int trial, Evidence evidence, Optional<Boolean> carried)
      implements StudyEvent {}

  /**
   * A trial got a slot.
   *
   * @param startStep that it goes on from
   * @param rung index of the rung that it heads for
   * @param milestone its level
   * @param resume the checkpoint that it goes on from; null: from scratch
   * @param hourPrice money that its slots cost an hour; empty: unknown
   */
  record AttemptLeased(
      long number,
      long time,
      AttemptRef attempt,
      Slot slot,
      long startStep,
      int rung,
      long milestone,
      Entry.@Nullable Checkpoint resume,
      OptionalDouble hourPrice)
      implements StudyEvent {

    /** Of a slot whose price is unknown. */
    public AttemptLeased(
        long number,
        long time,
        AttemptRef attempt,
        Slot slot,
        long startStep,
        int rung,
        long milestone,
        Entry.@Nullable Checkpoint resume) {
      this(number, time, attempt, slot, startStep, rung, milestone, resume, OptionalDouble.empty());
    }
  }

  /** An attempt never began; it costs no retry. */
  record AttemptReleased(long number, long time, AttemptRef attempt, String reason)
      implements StudyEvent {}

  /**
   * A trial cannot go on from a checkpoint any more.
   *
   * @param left its newest checkpoint from now on
   * @param from the step that it goes on after instead; 0: from scratch
   */
  record CheckpointLost(
      long number,
      long time,
      int trial,
      Entry.Checkpoint lost,
      Optional<Entry.Checkpoint> left,
      long from,
      String reason)
      implements StudyEvent {}

  /** Entries of an attempt's log are durable. */
  record EntriesRecorded(
      long number, long time, AttemptRef attempt, long firstSeq, List<Entry> entries)
      implements StudyEvent {}

  /** Entries of an attempt that the server had ended: kept, and used for nothing. */
  record LateEntriesRecorded(
      long number, long time, AttemptRef attempt, long firstSeq, List<Entry> entries)
      implements StudyEvent {}

  /**
   * A value entered every rung from one to another; in all but the last the trial counts as
   * promoted.
   *
   * @param step of the judged point
   * @param value of the first objective as it was sent; NaN for a failure
   * @param score present where there is more to it than the value
   */
  record RungEntered(
      long number,
      long time,
      int trial,
      long step,
      int fromRung,
      int toRung,
      double value,
      Optional<Score> score)
      implements StudyEvent {}

  /**
   * A trial has trained to its milestone and waits without a slot for metrics from outside.
   *
   * @param step of the point that will be judged
   * @param rung index of the rung that it has reached
   * @param level of this rung
   * @param measured what the trainer sent of what it is judged by
   */
  record MetricAwaited(
      long number,
      long time,
      AttemptRef attempt,
      long step,
      int rung,
      long level,
      Map<String, Double> measured)
      implements StudyEvent {
    /** Copies the metrics. */
    public MetricAwaited {
      measured = Map.copyOf(measured);
    }
  }

  /**
   * A metric came from outside.
   *
   * @param replaces whether it takes the place of one that came before
   */
  record MetricPut(long number, long time, int trial, String metric, double value, boolean replaces)
      implements StudyEvent {}

  /**
   * All metrics that a trial waited for are there.
   *
   * @param next what the trial is from now on, unless it still has its slot
   */
  record TrialScored(long number, long time, int trial, TrialStatus next, Evidence evidence)
      implements StudyEvent {}

  /**
   * A new trial is a changed copy of another, whose checkpoint it goes on from.
   *
   * @param replaced the trial whose place it takes
   * @param rung index of the rung that it heads for
   */
  record TrialCloned(
      long number,
      long time,
      int trial,
      int parent,
      int replaced,
      int rung,
      Entry.Checkpoint checkpoint,
      Assignment assignment)
      implements StudyEvent {}

  /**
   * A person changed what the study is to do.
   *
   * @param plan from now on
   * @param change in words
   * @param dropOutside whether paused trials outside the space are over
   * @param source text of a study file that says the same; empty: there is none
   */
  record PlanChanged(
      long number,
      long time,
      StudyPlan plan,
      String change,
      boolean dropOutside,
      Optional<String> source)
      implements StudyEvent {}

  /**
   * The verdict on an attempt at its milestone.
   *
   * @param cause with STOP: DIVERGED where the value is not finite, COMPLETED at the top, else
   *     STOPPED; otherwise null
   * @param milestone the next one, for CONTINUE; else 0
   * @param carried present and true: it goes on whatever its rank
   * @param yields present and true: it would go on in its slot, which another study needs more
   */
  record Judged(
      long number,
      long time,
      AttemptRef attempt,
      long step,
      Verdict verdict,
      @Nullable Cause cause,
      Evidence evidence,
      long milestone,
      Optional<Boolean> carried,
      Optional<Boolean> yields)
      implements StudyEvent {}

  /**
   * An attempt ended.
   *
   * @param byServer whether the server ended it, so that later entries are late
   * @param next what the trial is from now on
   */
  record AttemptEnded(
      long number,
      long time,
      AttemptRef attempt,
      Cause cause,
      String message,
      boolean byServer,
      TrialStatus next)
      implements StudyEvent {}

  /** Trials that will not go on any more. */
  record TrialsClosed(long number, long time, List<Closing> trials, String reason)
      implements StudyEvent {}

  /** A person ended a trial; one that runs is told to STOP. */
  record TrialStopped(long number, long time, int trial, String reason) implements StudyEvent {}

  /** A person lets a failed trial go on: its failure stands in no rung any more. */
  record TrialRetried(long number, long time, int trial) implements StudyEvent {}

  /**
   * A node gets no slot of this study for a while, since attempts fail on it more than elsewhere.
   *
   * @param until milliseconds since 1970
   */
  record NodeExcluded(long number, long time, String node, long until, String reason)
      implements StudyEvent {}

  /**
   * Other studies that have less than their share wait for slots that this one has.
   *
   * @param slots that it is to give up; 0: it may keep what it has
   */
  record YieldAsked(long number, long time, int slots) implements StudyEvent {}

  /** An attempt was told to end after its next checkpoint: another study needs its slot. */
  record AttemptYielded(long number, long time, AttemptRef attempt, String reason)
      implements StudyEvent {}

  /** No new grants. */
  record StudyPaused(long number, long time, String reason) implements StudyEvent {}

  /** Grants again. */
  record StudyResumed(long number, long time) implements StudyEvent {}

  /**
   * The study runs out.
   *
   * @param now whether every attempt was told to STOP
   */
  record StudyStopping(long number, long time, EndReason reason, boolean now)
      implements StudyEvent {}

  /** The study ended. */
  record StudyEnded(long number, long time, EndReason reason) implements StudyEvent {}

  /** What a verdict says. */
  enum Verdict {
    /** Go on in place. */
    CONTINUE,
    /** Wait for a promotion. */
    PAUSE,
    /** The trial is over. */
    STOP
  }

  /**
   * A trial that is closed.
   *
   * @param evidence where it stood in its rung; empty where it had no entry
   */
  record Closing(int trial, Optional<Evidence> evidence) {}
}
