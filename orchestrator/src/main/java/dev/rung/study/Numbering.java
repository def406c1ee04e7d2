package dev.rung.study;

/** Gives the events of one decision their numbers and their time. */
final class Numbering {
  private final long time;
  private long last;

  /**
   * Begins after a study's newest event.
   *
   * @param now wall clock in milliseconds since 1970; time never runs backwards in a study
   */
  Numbering(StudyView study, long now) {
    this.last = study.lastNumber();
    this.time = Math.max(study.lastTime(), now);
  }

  long next() {
    return ++last;
  }

  long time() {
    return time;
  }
}
