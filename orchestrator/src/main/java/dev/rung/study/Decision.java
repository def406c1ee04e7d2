package dev.rung.study;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What follows from a command. The events are applied before the next commands are decided, in
 * their order; the last reply counts.
 */
record Decision(
    List<StudyEvent> events,
    @Nullable StudyReply reply,
    List<StudyEffect> effects,
    List<StudyCommand> next) {

  static Decision reply(StudyReply reply) {
    return new Decision(List.of(), reply, List.of(), List.of());
  }

  static Decision rejected(ErrorCode code, String message) {
    return reply(new StudyReply.Rejected(code, message));
  }

  static Decision of(@Nullable StudyReply reply, StudyEvent... events) {
    return new Decision(List.of(events), reply, List.of(), List.of());
  }

  static Decision nothing() {
    return new Decision(List.of(), null, List.of(), List.of());
  }

  Decision with(StudyEffect effect) {
    return new Decision(events, reply, List.of(effect), next);
  }

  Decision and(List<StudyEffect> more) {
    if (more.isEmpty()) {
      return this;
    }
    List<StudyEffect> all = new ArrayList<>(effects);
    all.addAll(more);
    return new Decision(events, reply, all, next);
  }

  Decision then(StudyCommand... commands) {
    return new Decision(events, reply, effects, List.of(commands));
  }
}
