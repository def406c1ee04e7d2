package dev.rung.simulate;

import dev.rung.study.Cause;
import dev.rung.study.StudyCommand;

/** What is to happen at a time. */
sealed interface Happening {

  /** Of one training. */
  sealed interface OfTraining extends Happening {}

  /** A training reaches its next point, unless it was told otherwise since. */
  record Trained(Training training, int course, long position) implements OfTraining {}

  /** A training has ended, and its slot is free. */
  record Stopped(Training training, int course, Cause cause) implements OfTraining {}

  /** A training is to go on where its curve ends, and nobody knows how it would. */
  record RanOut(Training training, int course) implements OfTraining {}

  /** A training is lost, or has to leave its slot after a checkpoint. */
  record Broken(Training training, int course, boolean saved) implements OfTraining {}

  /** What was sent arrives at the study. */
  record Arrived(StudyCommand command) implements Happening {}

  /** A trainer comes. */
  record Joins() implements Happening {}

  /** A trainer goes without a word. */
  record Leaves(int node) implements Happening {}

  /** A deadline of the study has come. */
  record Due() implements Happening {}
}
