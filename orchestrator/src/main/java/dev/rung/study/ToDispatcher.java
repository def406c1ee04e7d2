package dev.rung.study;

/** What a study says to the dispatcher. */
public sealed interface ToDispatcher {

  /**
   * How many slots a study could use at once. Said after each change and again every few seconds.
   *
   * @param kind of trainer that it needs
   * @param event number of the study's newest event: the higher number counts
   * @param active whether it may still need slots or has attempts
   */
  record Demand(String study, String kind, int count, long event, boolean active)
      implements ToDispatcher {}
}
