package dev.rung.study;

import java.util.Set;
import java.util.TreeSet;

/** What a study tells the dispatcher of itself. */
final class Demands {
  private Demands() {}

  /**
   * What a study needs now.
   *
   * @param now in milliseconds since 1970
   * @param unheard nodes that are to attach
   */
  static ToDispatcher.Demand of(String study, StudyView state, long now, Set<String> unheard) {
    boolean active =
        state.status() != StudyStatus.ENDED
            && (state.status() == StudyStatus.RUNNING || !state.running().isEmpty());
    return new ToDispatcher.Demand(
        study,
        state.plan().trainer().kind(),
        StudyKernel.demand(state),
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

  /** Those of {@link #nodes} that have no session. */
  static Set<String> unheard(StudyView state, Set<String> heard) {
    Set<String> nodes = new TreeSet<>(nodes(state));
    nodes.removeAll(heard);
    return nodes;
  }
}
