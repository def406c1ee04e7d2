package dev.rung.study;

import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** What a study tells the dispatcher of itself. */
final class Demands {
  private Demands() {}

  /** What a study needs now that misses no node. */
  static ToDispatcher.Demand of(String study, StudyView state, long now, Set<String> unheard) {
    return of(study, state, now, unheard, Missed.NOTHING);
  }

  /**
   * What a study needs now.
   *
   * @param now in milliseconds since 1970
   * @param unheard nodes that are to attach
   * @param missed what it has waited for too long
   */
  static ToDispatcher.Demand of(
      String study, StudyView state, long now, Set<String> unheard, Missed missed) {
    boolean active =
        state.status() != StudyStatus.ENDED
            && (state.status() == StudyStatus.RUNNING || !state.running().isEmpty());
    return new ToDispatcher.Demand(
        study,
        state.plan().trainer().kind(),
        StudyKernel.demand(state, missed),
        StudyKernel.furtherDemand(state),
        state.toYield(),
        state.lastNumber(),
        active,
        state.plan().priority().orElse(0),
        state.plan().weight().orElse(1),
        StudyKernel.excluded(state, now),
        unheard);
  }

  /** Nodes that hold attempts as far as the study knows. */
  static Set<String> nodes(StudyView state) {
    Set<String> nodes = new TreeSet<>();
    for (int number : state.running()) {
      nodes.add(StudyKernel.existing(state, number).lastAttempt().slot().node());
    }
    return nodes;
  }

  /** Nodes that hold checkpoints which trials may still go on from, as far as the study knows. */
  static Set<String> keepers(StudyView state) {
    Set<String> nodes = new TreeSet<>();
    for (Trial trial : state.trials()) {
      if (!trial.isClosed()) {
        add(nodes, trial.fallback().newest());
        add(nodes, trial.fallback().earlier());
      }
    }
    state.cloned().values().forEach(lineage -> add(nodes, lineage.checkpoint()));
    return nodes;
  }

  private static void add(Set<String> nodes, Entry.@Nullable Checkpoint checkpoint) {
    if (checkpoint != null && checkpoint.node() != null) {
      nodes.add(checkpoint.node());
    }
  }

  /** Those of {@link #nodes} that have no session. */
  static Set<String> unheard(StudyView state, Set<String> heard) {
    Set<String> nodes = new TreeSet<>(nodes(state));
    nodes.removeAll(heard);
    return nodes;
  }
}
