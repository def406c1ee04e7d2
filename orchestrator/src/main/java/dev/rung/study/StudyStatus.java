package dev.rung.study;

/** What a study is doing. */
public enum StudyStatus {
  /** Before its creation. */
  EMPTY,
  /** Hands out trials. */
  RUNNING,
  /** No new grants; running trials go on to their milestone. */
  PAUSED,
  /** As paused, and ends with its last attempt. */
  STOPPING,
  /** Ended, until budget is added. */
  ENDED
}
