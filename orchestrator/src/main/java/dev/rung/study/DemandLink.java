package dev.rung.study;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A study's way to the dispatcher, which is told what the study needs. In memory only. */
final class DemandLink {
  private final String study;
  private final StudyEntity.Wiring wiring;
  private ToDispatcher.@Nullable Demand told;

  DemandLink(String study, StudyEntity.Wiring wiring) {
    this.study = study;
    this.wiring = wiring;
  }

  /** Forgets all, as after a recovery. */
  void clear() {
    told = null;
  }

  /**
   * Tells the dispatcher what is new to it.
   *
   * @param heard nodes whose session said which attempts run there
   * @param missed what the study has waited for too long
   * @param again whether it is told all, and even if nothing is new
   */
  void tell(StudyView state, Set<String> heard, Missed missed, boolean again) {
    if (state.status() == StudyStatus.EMPTY) {
      return;
    }
    Set<String> unheard = again || told == null ? Demands.unheard(state, heard) : Set.of();
    ToDispatcher.Demand demand = Demands.of(study, state, wiring.clock().millis(), unheard, missed);
    if (again || told == null || differ(told, demand)) {
      told = demand;
      wiring.dispatcher().tell(demand);
    }
  }

  private static boolean differ(ToDispatcher.Demand before, ToDispatcher.Demand after) {
    return !before.groups().equals(after.groups())
        || before.yields() != after.yields()
        || before.active() != after.active()
        || before.priority() != after.priority()
        || before.weight() != after.weight()
        || !before.excluded().equals(after.excluded());
  }
}
