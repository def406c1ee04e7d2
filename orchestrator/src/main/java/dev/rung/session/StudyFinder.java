package dev.rung.session;

import java.util.concurrent.CompletionStage;

/** Finds the study that a program means. */
@FunctionalInterface
public interface StudyFinder {

  /**
   * The id of a study. The stage fails with the gRPC status that the program is told.
   *
   * @param study id, start of an id, or name
   */
  CompletionStage<String> find(String study);
}
