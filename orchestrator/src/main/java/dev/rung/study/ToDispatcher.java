package dev.rung.study;

import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;

/** What a study says to the dispatcher. */
public sealed interface ToDispatcher {

  /**
   * How many slots a study could use at once. Said after each change and again every few seconds.
   *
   * @param kind of trainer that it needs
   * @param count slots on any nodes
   * @param more slots that it could use beyond these as soon as their trials are suggested
   * @param yields slots that it is to give up, as it knows
   * @param event number of the study's newest event: the higher number counts
   * @param active whether it may still need slots or has attempts
   * @param priority among studies; higher comes first
   * @param weight of its share among those of its priority, from 1
   * @param excluded nodes that it takes no slot of now
   * @param unheard nodes with attempts of it whose sessions it does not know: they are to attach
   * @param tied slots on nodes that hold checkpoints of its trials, beside the count, by node
   */
  record Demand(
      String study,
      String kind,
      int count,
      int more,
      int yields,
      long event,
      boolean active,
      int priority,
      int weight,
      Set<String> excluded,
      Set<String> unheard,
      Map<String, Integer> tied)
      implements ToDispatcher {
    /** Copies the nodes and keeps their order, so that what follows from it can be repeated. */
    public Demand {
      excluded = Set.copyOf(excluded);
      unheard = Collections.unmodifiableSet(new LinkedHashSet<>(unheard));
      tied = Map.copyOf(tied);
    }

    /** Of slots on any nodes. */
    public Demand(
        String study,
        String kind,
        int count,
        int more,
        int yields,
        long event,
        boolean active,
        int priority,
        int weight,
        Set<String> excluded,
        Set<String> unheard) {
      this(
          study, kind, count, more, yields, event, active, priority, weight, excluded, unheard,
          Map.of());
    }
  }
}
