package dev.rung.simulate;

import dev.rung.study.StudyEvent;
import dev.rung.study.StudyView;

/** Is told what happens in a simulation, in order. */
public interface Watcher {
  /** One that looks away. */
  Watcher NONE = new Watcher() {};

  /**
   * An event of the study.
   *
   * @param time in units of time
   * @param study as it is after the event and those that came with it
   */
  default void happened(double time, StudyEvent event, StudyView study) {}

  /**
   * A trial was trained.
   *
   * @param level that it was on its way to or has come to
   * @param units of resource
   * @param took of a slot's time, in units of time
   */
  default void trained(int trial, long level, long units, double took) {}
}
