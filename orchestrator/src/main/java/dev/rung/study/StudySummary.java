package dev.rung.study;

import dev.rung.halving.BracketView;
import dev.rung.halving.RungView;
import dev.rung.space.Assignment;
import dev.rung.study.StudyView.Best;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * A study at one moment, for people: a copy that holds nothing of the state.
 *
 * @param created milliseconds since 1970
 * @param updated time of the newest event, in milliseconds since 1970
 * @param trials number of trials by status; only what occurs
 * @param best null before the first finite value
 * @param bestAssignment of the best trial
 * @param resourceUsed by all attempts, in the study's unit
 * @param resourceFull what training every started trial to the top would use
 * @param movedTrials trials of which a later attempt ran on another node
 * @param event number of the newest event
 * @param front with several objectives: trials that no other dominates, at their newest points
 * @param cost of all attempts, in the trainers' own unit; empty: no trainer says
 * @param change what a person changed last, in words; empty: nothing
 * @param money that the slots of all attempts have cost; empty: nothing, or no node names a price
 * @param resourceLeft that is still to be trained under the budget, as far as can be foreseen;
 *     empty: the budget does not say, or the study does not run
 */
public record StudySummary(
    String id,
    StudyPlan plan,
    StudyStatus status,
    String reason,
    long created,
    long updated,
    Map<TrialStatus, Integer> trials,
    List<RungSummary> rungs,
    @Nullable Best best,
    @Nullable Assignment bestAssignment,
    long resourceUsed,
    long resourceFull,
    int movedTrials,
    long event,
    Optional<List<Leader>> front,
    OptionalDouble cost,
    Optional<String> change,
    OptionalDouble money,
    OptionalLong resourceLeft) {

  /** A study that nobody changed. */
  public StudySummary(
      String id,
      StudyPlan plan,
      StudyStatus status,
      String reason,
      long created,
      long updated,
      Map<TrialStatus, Integer> trials,
      List<RungSummary> rungs,
      @Nullable Best best,
      @Nullable Assignment bestAssignment,
      long resourceUsed,
      long resourceFull,
      int movedTrials,
      long event,
      Optional<List<Leader>> front,
      OptionalDouble cost) {
    this(
        id,
        plan,
        status,
        reason,
        created,
        updated,
        trials,
        rungs,
        best,
        bestAssignment,
        resourceUsed,
        resourceFull,
        movedTrials,
        event,
        front,
        cost,
        Optional.empty(),
        OptionalDouble.empty(),
        OptionalLong.empty());
  }

  /**
   * A rung: its level, how many entered it, and how many of these went on.
   *
   * @param bracket empty: the first
   * @param reason why the ladder is as it is, at the rung that new trials head for
   */
  public record RungSummary(
      long level, int entered, int promoted, Optional<Integer> bracket, Optional<String> reason) {

    /** A rung of the only bracket. */
    public RungSummary(long level, int entered, int promoted) {
      this(level, entered, promoted, Optional.empty(), Optional.empty());
    }
  }

  /** The same for another reason. */
  public StudySummary because(String other) {
    return new StudySummary(
        id,
        plan,
        status,
        other,
        created,
        updated,
        trials,
        rungs,
        best,
        bestAssignment,
        resourceUsed,
        resourceFull,
        movedTrials,
        event,
        front,
        cost,
        change,
        money,
        resourceLeft);
  }

  /** A trial that no other dominates. */
  public record Leader(Best point, Assignment assignment) {}

  /** The summary of a study that was created. */
  public static StudySummary of(StudyView study) {
    Map<TrialStatus, Integer> trials = new EnumMap<>(TrialStatus.class);
    int started = 0;
    for (TrialStatus status : TrialStatus.values()) {
      int count = study.count(status);
      if (count > 0) {
        trials.put(status, count);
      }
      started += count;
    }
    List<RungSummary> rungs = new ArrayList<>();
    for (int b = 0; b < study.brackets().size(); b++) {
      BracketView bracket = study.brackets().get(b);
      for (int k = 0; k < bracket.rungs().size(); k++) {
        RungView rung = bracket.rungs().get(k);
        boolean isStart = k == bracket.ladder().start();
        rungs.add(
            new RungSummary(
                bracket.ladder().level(k),
                rung.size(),
                rung.promotions(),
                b == 0 ? Optional.empty() : Optional.of(b),
                isStart ? Optional.of(bracket.reason()) : Optional.empty()));
      }
    }
    Best best = study.best();
    double spent = Settling.spent(study, study.lastTime());
    return new StudySummary(
        study.study(),
        study.plan(),
        study.status(),
        study.reason(),
        study.createdAt(),
        study.lastTime(),
        trials,
        rungs,
        best,
        best == null ? null : StudyKernel.existing(study, best.trial()).assignment(),
        study.resourceUsed(),
        started * study.plan().resource().max(),
        study.movedTrials(),
        study.lastNumber(),
        study.plan().objectives().size() == 1
            ? Optional.empty()
            : Optional.of(ParetoFront.of(study)),
        study.cost() == 0 ? OptionalDouble.empty() : OptionalDouble.of(study.cost()),
        study.newestChange().isEmpty() ? Optional.empty() : Optional.of(study.newestChange()),
        spent == 0 ? OptionalDouble.empty() : OptionalDouble.of(spent),
        Remaining.resource(study));
  }
}
