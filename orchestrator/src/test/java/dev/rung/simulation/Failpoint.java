package dev.rung.simulation;

import dev.rung.study.StudyEvent;

/** Where a server can die: at each edge of a commit and of what is said after it. */
enum Failpoint {
  BEFORE_COMMIT,
  AFTER_COMMIT_BEFORE_REPLY,
  AFTER_COMMIT_OF_CREATION,
  AFTER_COMMIT_OF_ASK,
  AFTER_COMMIT_OF_SUGGESTION,
  BETWEEN_LEASE_AND_RUN,
  AFTER_COMMIT_OF_PROMOTION,
  AFTER_COMMIT_OF_ENTRIES,
  AFTER_COMMIT_OF_LATE_ENTRIES,
  AFTER_COMMIT_OF_VERDICT,
  AFTER_COMMIT_OF_ATTEMPT_END,
  AFTER_COMMIT_OF_RELEASE,
  AFTER_COMMIT_OF_PAUSE,
  AFTER_COMMIT_OF_RESUME,
  AFTER_COMMIT_OF_STOPPING,
  AFTER_COMMIT_OF_STUDY_END,
  BEFORE_SNAPSHOT,
  AFTER_SNAPSHOT_BEFORE_REPLY,
  LOADING_SNAPSHOT,
  BEFORE_REPLAY,
  AFTER_REPLAY,
  BEFORE_RUN_SENT,
  AFTER_RUN_SENT,
  BEFORE_ACK_SENT,
  AFTER_ACK_SENT,
  BEFORE_DIRECTIVE_SENT,
  AFTER_DIRECTIVE_SENT,
  AFTER_HELLO_RECEIVED,
  AFTER_ENTRIES_RECEIVED,
  AFTER_ACCEPTED_RECEIVED,
  BEFORE_BATCH_DELIVERED,
  AFTER_BATCH_ANSWERED,
  STUDY_STARTING,
  STUDY_LEAVING;

  /** Whether few worlds come to it more than once. */
  boolean isRare() {
    return switch (this) {
      case AFTER_COMMIT_OF_CREATION,
          AFTER_COMMIT_OF_PROMOTION,
          AFTER_COMMIT_OF_LATE_ENTRIES,
          AFTER_COMMIT_OF_RELEASE,
          AFTER_COMMIT_OF_PAUSE,
          AFTER_COMMIT_OF_RESUME,
          AFTER_COMMIT_OF_STOPPING,
          AFTER_COMMIT_OF_STUDY_END,
          BEFORE_SNAPSHOT,
          AFTER_SNAPSHOT_BEFORE_REPLY,
          STUDY_LEAVING ->
          true;
      default -> false;
    };
  }

  /** The point right after an event has become durable. */
  static Failpoint after(StudyEvent event) {
    return switch (event) {
      case StudyEvent.StudyCreated e -> AFTER_COMMIT_OF_CREATION;
      case StudyEvent.LadderSet e -> AFTER_COMMIT_OF_CREATION;
      case StudyEvent.SuggestionAsked e -> AFTER_COMMIT_OF_ASK;
      case StudyEvent.TrialSuggested e -> AFTER_COMMIT_OF_SUGGESTION;
      case StudyEvent.SpaceExhausted e -> AFTER_COMMIT_OF_SUGGESTION;
      case StudyEvent.TrialPromoted e -> AFTER_COMMIT_OF_PROMOTION;
      case StudyEvent.AttemptLeased e -> BETWEEN_LEASE_AND_RUN;
      case StudyEvent.CheckpointLost e -> AFTER_COMMIT_OF_ATTEMPT_END;
      case StudyEvent.AttemptReleased e -> AFTER_COMMIT_OF_RELEASE;
      case StudyEvent.EntriesRecorded e -> AFTER_COMMIT_OF_ENTRIES;
      case StudyEvent.LateEntriesRecorded e -> AFTER_COMMIT_OF_LATE_ENTRIES;
      case StudyEvent.RungEntered e -> AFTER_COMMIT_OF_VERDICT;
      case StudyEvent.Judged e -> AFTER_COMMIT_OF_VERDICT;
      case StudyEvent.MetricAwaited e -> AFTER_COMMIT_OF_VERDICT;
      case StudyEvent.MetricPut e -> AFTER_COMMIT_OF_VERDICT;
      case StudyEvent.TrialScored e -> AFTER_COMMIT_OF_VERDICT;
      case StudyEvent.TrialCloned e -> AFTER_COMMIT_OF_SUGGESTION;
      case StudyEvent.PlanChanged e -> AFTER_COMMIT_OF_PAUSE;
      case StudyEvent.AttemptEnded e -> AFTER_COMMIT_OF_ATTEMPT_END;
      case StudyEvent.TrialsClosed e -> AFTER_COMMIT_OF_STUDY_END;
      case StudyEvent.TrialStopped e -> AFTER_COMMIT_OF_STOPPING;
      case StudyEvent.TrialRetried e -> AFTER_COMMIT_OF_RESUME;
      case StudyEvent.NodeExcluded e -> AFTER_COMMIT_OF_ATTEMPT_END;
      case StudyEvent.YieldAsked e -> AFTER_COMMIT_OF_VERDICT;
      case StudyEvent.AttemptYielded e -> AFTER_COMMIT_OF_VERDICT;
      case StudyEvent.StudyPaused e -> AFTER_COMMIT_OF_PAUSE;
      case StudyEvent.StudyResumed e -> AFTER_COMMIT_OF_RESUME;
      case StudyEvent.StudyStopping e -> AFTER_COMMIT_OF_STOPPING;
      case StudyEvent.StudyEnded e -> AFTER_COMMIT_OF_STUDY_END;
    };
  }
}
