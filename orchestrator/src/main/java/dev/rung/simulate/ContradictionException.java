package dev.rung.simulate;

import dev.rung.study.StudyEvent;

/** An event that cannot have happened after those before it. */
public final class ContradictionException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final long place;
  private final transient StudyEvent event;

  /**
   * A contradiction.
   *
   * @param place of the event in its history, from 1
   * @param problem what was expected, and what came
   */
  ContradictionException(long place, StudyEvent event, String problem) {
    super(problem);
    this.place = place;
    this.event = event;
  }

  /** Place of the event in its history, from 1. */
  public long place() {
    return place;
  }

  /** The event. */
  public StudyEvent event() {
    return event;
  }
}
