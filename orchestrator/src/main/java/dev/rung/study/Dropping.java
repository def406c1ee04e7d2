package dev.rung.study;

import dev.rung.halving.BracketView;
import dev.rung.halving.RungView;
import dev.rung.study.StudyEvent.CheckpointLost;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Says which checkpoints nothing needs any more. Kept are the last two of every trial that runs,
 * waits or may still go on, and those of the best; a trial that has failed may be retried, and one
 * at the top goes on if there is more to train. What is dropped is not forgotten: a trial that goes
 * on in spite of it falls back as from any checkpoint that is gone.
 */
final class Dropping {
  private Dropping() {}

  /** What an attempt's entries put out of the last two of its trial. */
  static List<StudyEffect> displaced(
      StudyView study, AttemptRef attempt, List<StudyEvent> recorded) {
    Trial trial = StudyKernel.existing(study, attempt.trial());
    List<Entry.Checkpoint> gone = new ArrayList<>();
    Fallback kept = trial.fallback();
    long milestone = StudyScores.nextMilestone(study, trial, trial.lastAttempt());
    for (StudyEvent event : recorded) {
      if (event instanceof StudyEvent.EntriesRecorded e) {
        for (Entry entry : e.entries()) {
          if (entry instanceof Entry.Saved(Entry.Checkpoint saved)) {
            Fallback next = kept.with(saved, milestone);
            add(gone, kept.newest(), next);
            add(gone, kept.earlier(), next);
            kept = next;
          }
        }
      }
    }
    return drop(study, trial, gone);
  }

  private static void add(
      List<Entry.Checkpoint> gone, Entry.@Nullable Checkpoint old, Fallback next) {
    if (old != null && !old.equals(next.newest()) && !old.equals(next.earlier())) {
      gone.add(old);
    }
  }

  /**
   * What the end of an attempt leaves over.
   *
   * @param next what its trial is from then on
   */
  static List<StudyEffect> ended(StudyView study, Trial trial, TrialStatus next) {
    boolean over =
        switch (next) {
          case STOPPED, INFEASIBLE -> true;
          case PAUSED -> isOutOfReach(study, trial);
          case RUNNING, WAITING, AWAITING_METRIC, COMPLETED, FAILED -> false;
        };
    return over ? all(study, trial) : List.of();
  }

  /** A checkpoint that cannot be read. */
  static List<StudyEffect> lost(StudyView study, Trial trial, Entry.Checkpoint checkpoint) {
    return drop(study, trial, List.of(checkpoint));
  }

  /** What a trial has given up to go on elsewhere; the best keeps what can still be fetched. */
  static List<StudyEffect> givenUp(StudyView study, Trial trial, List<CheckpointLost> lost) {
    return isBest(study, trial)
        ? List.of()
        : drop(study, trial, lost.stream().map(CheckpointLost::lost).toList());
  }

  /** What the entry of a trial puts out of reach: the one that had the last place until then. */
  static List<StudyEffect> entered(StudyView study, int number, int rung) {
    BracketView bracket = study.bracketOf(number);
    RungView entries = bracket.rungs().get(rung);
    long within = within(study, bracket, rung);
    if (entries.size() <= within || entries.rank(number) > within) {
      return List.of();
    }
    int pushed = entries.trialAt((int) within);
    return pushed != number && entries.isOpen(pushed)
        ? all(study, StudyKernel.existing(study, pushed))
        : List.of();
  }

  private static boolean isOutOfReach(StudyView study, Trial trial) {
    BracketView bracket = study.bracketOf(trial.number());
    RungView entries = bracket.rungs().get(trial.rung());
    return entries.contains(trial.number())
        && entries.rank(trial.number()) >= within(study, bracket, trial.rung());
  }

  /** Ranks from this number on can never go on; it counts what may still come. */
  private static long within(StudyView study, BracketView bracket, int rung) {
    var trials = study.plan().budget().trials();
    return trials.isEmpty() || study.clones() > 0
        ? Long.MAX_VALUE
        : study.rule().within(bracket, rung, trials.getAsInt());
  }

  /** Both of a trial, unless it is one of the best. */
  private static List<StudyEffect> all(StudyView study, Trial trial) {
    if (isBest(study, trial)) {
      return List.of();
    }
    List<Entry.Checkpoint> both = new ArrayList<>(2);
    add(both, trial.fallback().newest(), new Fallback(null, null));
    add(both, trial.fallback().earlier(), new Fallback(null, null));
    return drop(study, trial, both);
  }

  /** Whether a trial may be the best, as each may be with several objectives. */
  private static boolean isBest(StudyView study, Trial trial) {
    StudyView.Best best = study.best();
    return study.plan().objectives().size() > 1 || (best != null && best.trial() == trial.number());
  }

  private static List<StudyEffect> drop(
      StudyView study, Trial trial, List<Entry.Checkpoint> checkpoints) {
    List<StudyEffect> effects = new ArrayList<>();
    for (Entry.Checkpoint checkpoint : checkpoints) {
      if (!isNeededBelow(study, trial, checkpoint)) {
        String tie = checkpoint.node();
        String node = tie == null ? trial.lastAttempt().slot().node() : tie;
        effects.add(new StudyEffect.Drop(node, tie == null, checkpoint.place()));
      }
    }
    return effects;
  }

  /** Whether a copy goes on from a checkpoint of its parent, or a parent from that of its copy. */
  private static boolean isNeededBelow(StudyView study, Trial owner, Entry.Checkpoint checkpoint) {
    if (study.clones() == 0) {
      return false;
    }
    boolean waits =
        study.cloned().values().stream()
            .anyMatch(lineage -> lineage.checkpoint().equals(checkpoint));
    return waits
        || study.trials().stream()
            .filter(trial -> trial.number() != owner.number() && !trial.isClosed())
            .map(Trial::fallback)
            .anyMatch(of -> checkpoint.equals(of.newest()) || checkpoint.equals(of.earlier()));
  }
}
