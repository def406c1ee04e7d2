package dev.rung.study;

import java.util.concurrent.CompletionStage;

/**
 * The way to studies for the rest of the server: every command and every live read goes through it.
 */
public interface Studies {

  /**
   * Sends a command. The stage completes once its events are durable; it fails only where the study
   * cannot be reached in time.
   *
   * @param study its id
   */
  CompletionStage<StudyReply> send(String study, StudyCommand command);

  /**
   * A live study as it is now; the stage fails where there is no such study or it cannot be reached
   * in time.
   *
   * @param study its id
   */
  CompletionStage<StudySummary> show(String study);
}
