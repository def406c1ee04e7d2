package dev.rung.api;

import dev.rung.space.Assignment;
import dev.rung.space.Value;
import dev.rung.storage.ReadSide;
import dev.rung.storage.ReadSide.TrialRow;
import dev.rung.study.ErrorCode;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudySummary;
import dev.rung.study.TrialStatus;
import dev.rung.studyfile.WarmStart;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/**
 * Lets a study begin with what earlier ones found. The plan that comes of it says all of it, so
 * that the study does not depend on the earlier ones any more.
 */
final class WarmStarter {
  /** Ranges are narrowed to the best quarter, but at least to so many trials. */
  private static final int LEAST_BEST = 10;

  private static final int QUARTER = 4;
  private static final Set<TrialStatus> FINISHED =
      Set.of(TrialStatus.COMPLETED, TrialStatus.STOPPED, TrialStatus.PAUSED);

  private final StudyLookup lookup;
  private final ReadSide reads;

  WarmStarter(StudyLookup lookup, ReadSide reads) {
    this.lookup = lookup;
    this.reads = reads;
  }

  /**
   * A plan with what was found.
   *
   * @param notes what was taken over, for a person
   */
  record Started(StudyPlan plan, List<String> notes) {}

  /** The best of an earlier study, best first, as values by name. */
  private record Found(WarmStart start, String name, List<Map<String, Value>> best) {}

  CompletableFuture<Started> start(StudyPlan plan, List<WarmStart> starts) {
    CompletableFuture<List<Found>> all = CompletableFuture.completedFuture(new ArrayList<>());
    for (WarmStart start : starts) {
      all =
          all.thenCompose(found ->
              lookup
                  .caughtUp(start.study())
                  .thenCompose(study -> lookup.read(() -> find(start, study)))
                  .thenApply(one -> {
                    found.add(one);
                    return found;
                  }));
    }
    return all.thenApply(found -> started(plan, found));
  }

  private Found find(WarmStart start, StudySummary study) {
    StudyPlan.Objective objective = study.plan().objective();
    List<TrialRow> finished = new ArrayList<>();
    int after = 0;
    List<TrialRow> page = reads.trials(study.id(), after, Limits.PAGE);
    while (!page.isEmpty()) {
      for (TrialRow row : page) {
        if (row.best() != null && FINISHED.contains(TrialStatus.valueOf(row.status()))) {
          finished.add(row);
        }
      }
      after = page.get(page.size() - 1).number();
      page = reads.trials(study.id(), after, Limits.PAGE);
    }
    if (finished.isEmpty()) {
      throw new ApiException(
          ErrorCode.CONFLICT,
          "warm_start: expected a study with a finished trial, but %s has none"
              .formatted(start.study()));
    }
    finished.sort(
        Comparator.comparingDouble((TrialRow row) -> loss(objective, row))
            .thenComparingInt(TrialRow::number));
    int count = Math.max(LEAST_BEST, (finished.size() + QUARTER - 1) / QUARTER);
    List<Map<String, Value>> best =
        finished.stream()
            .limit(Math.max(count, start.trials()))
            .map(row -> study.plan().space().active(row.assignment()))
            .toList();
    return new Found(start, study.plan().name(), best);
  }

  private static double loss(StudyPlan.Objective objective, TrialRow row) {
    Double best = row.best();
    return best == null ? Double.POSITIVE_INFINITY : objective.loss(best);
  }

  private static Started started(StudyPlan plan, List<Found> all) {
    if (all.isEmpty()) {
      return new Started(plan, List.of());
    }
    List<String> notes = new ArrayList<>();
    List<Map<String, Value>> box = new ArrayList<>();
    for (Found found : all) {
      Transfer.checkShared(plan.space(), found.start().study(), found.best());
      if (found.start().narrow()) {
        box.addAll(found.best());
      }
    }
    Transfer transfer = new Transfer(Transfer.narrowed(plan.space(), box, notes), plan.seed());
    List<Assignment> first = new ArrayList<>(plan.first());
    int most = plan.budget().trials().orElse(Integer.MAX_VALUE);
    for (Found found : all) {
      int before = first.size();
      Set<String> missing = new TreeSet<>();
      for (Map<String, Value> values :
          found.best().stream().limit(found.start().trials()).toList()) {
        if (first.size() < most) {
          transfer
              .assignment(values, first.size(), missing)
              .filter(a -> !first.contains(a))
              .ifPresent(first::add);
        }
      }
      notes.add(
          "warm_start: %d of the best assignments of %s go first"
                  .formatted(first.size() - before, found.name())
              + (missing.isEmpty()
                  ? ""
                  : "; it has no value, or one outside the space, of %s, which is drawn by chance"
                      .formatted(String.join(", ", missing))));
    }
    return new Started(plan.over(transfer.space()).beginningWith(first), notes);
  }
}
