package dev.rung.cli;

import dev.rung.proto.v1.Cause;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyState;
import dev.rung.proto.v1.TrialState;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** States and causes by their stable lower-case names. */
final class States {
  private States() {}

  static String name(StudyState state) {
    return suffix(state.name(), "STUDY_STATE_");
  }

  static String name(TrialState state) {
    return suffix(state.name(), "TRIAL_STATE_");
  }

  /** Empty while an attempt runs. */
  static String name(Cause cause) {
    return cause == Cause.CAUSE_UNSPECIFIED ? "" : suffix(cause.name(), "CAUSE_");
  }

  /** Trials of a study by state, in the order of the states; only what occurs. */
  static Map<String, Long> trials(Study study) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (TrialState state : TrialState.values()) {
      Long count = study.getTrialsMap().get(name(state));
      if (count != null) {
        counts.put(name(state), count);
      }
    }
    return counts;
  }

  /** Number of trials in a state. */
  static long count(Study study, TrialState state) {
    return study.getTrialsMap().getOrDefault(name(state), 0L);
  }

  /** Number of trials that ever had a slot. */
  static long total(Study study) {
    return study.getTrialsMap().values().stream().mapToLong(Long::longValue).sum();
  }

  private static String suffix(String name, String prefix) {
    return name.replace(prefix, "").toLowerCase(Locale.ROOT);
  }
}
