package dev.rung.study;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** What a study says to the dispatcher. */
public sealed interface ToDispatcher {

  /**
   * What slots a study could use at once. Said after each change and again every few seconds.
   *
   * @param kind of trainer that it needs
   * @param groups of trials that could begin now, those first that are to begin first
   * @param more slots that it could use beyond these as soon as their trials are suggested
   * @param yields slots that it is to give up, as it knows
   * @param event number of the study's newest event: the higher number counts
   * @param active whether it may still need slots or has attempts
   * @param priority among studies; higher comes first
   * @param weight of its share among those of its priority, from 1
   * @param excluded nodes that it takes no slot of now
   * @param unheard nodes with attempts of it whose sessions it does not know: they are to attach
   */
  record Demand(
      String study,
      String kind,
      List<SlotGroup> groups,
      int more,
      int yields,
      long event,
      boolean active,
      int priority,
      int weight,
      Set<String> excluded,
      Set<String> unheard)
      implements ToDispatcher {
    /** Copies the nodes and keeps their order, so that what follows from it can be repeated. */
    public Demand {
      groups = List.copyOf(groups);
      excluded = Set.copyOf(excluded);
      unheard = Collections.unmodifiableSet(new LinkedHashSet<>(unheard));
    }

    /** Trials that could begin now. */
    public int count() {
      return groups.stream().mapToInt(SlotGroup::count).sum();
    }
  }
}
