package dev.rung.api;

import com.google.protobuf.Duration;
import com.google.protobuf.util.Durations;
import com.google.protobuf.util.Timestamps;
import dev.rung.fleet.Prospect;
import dev.rung.proto.v1.Best;
import dev.rung.proto.v1.Rung;
import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyState;
import dev.rung.space.Assignment;
import dev.rung.storage.ReadSide.StudyRow;
import dev.rung.study.Remaining;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyStatus;
import dev.rung.study.StudySummary;
import dev.rung.study.StudyView;
import java.util.List;
import java.util.Locale;

/** Studies in the protocol's messages. */
final class StudyMapper {
  private StudyMapper() {}

  /**
   * A study with what the fleet says of it.
   *
   * @param now milliseconds since 1970
   */
  static Study toProto(StudySummary study, Prospect prospect, long now) {
    Study.Builder message = toProto(study, now).toBuilder();
    prospect.shortage().ifPresent(message::setWaitsFor);
    Remaining.time(study, prospect.speed(), now)
        .ifPresent(left -> message.setLeft(Durations.fromMillis(left.toMillis())));
    return message.build();
  }

  /**
   * A study.
   *
   * @param now milliseconds since 1970, for the time that a study has run so far
   */
  static Study toProto(StudySummary study, long now) {
    StudyPlan plan = study.plan();
    Study.Builder message =
        Study.newBuilder()
            .setId(study.id())
            .setName(plan.name())
            .setState(toProto(study.status()))
            .setReason(study.reason())
            .setUnit(plan.resource().unit())
            .setCreated(Timestamps.fromMillis(study.created()))
            .setElapsed(elapsed(study, now))
            .setTrialBudget(plan.budget().trials().orElse(0))
            .setResourceUsed(study.resourceUsed())
            .setResourceFull(study.resourceFull())
            .setMovedTrials(study.movedTrials())
            .setEvent(study.event())
            .setTrainerKind(plan.trainer().kind());
    plan.objectives().forEach(objective -> message.addObjectives(objective.name()));
    study
        .trials()
        .forEach(
            (status, count) -> message.putTrials(status.name().toLowerCase(Locale.ROOT), count));
    for (StudySummary.RungSummary rung : study.rungs()) {
      message.addRungs(
          Rung.newBuilder()
              .setResource(rung.level())
              .setEntered(rung.entered())
              .setPromoted(rung.promoted())
              .setBracket(rung.bracket().orElse(0))
              .setStart(rung.reason().isPresent())
              .setReason(rung.reason().orElse("")));
    }
    study.cost().ifPresent(message::setCost);
    study.money().ifPresent(message::setMoney);
    study.change().ifPresent(message::setChange);
    study
        .front()
        .orElse(List.of())
        .forEach(leader -> message.addFront(best(plan, leader.point(), leader.assignment())));
    if (study.best() != null && study.bestAssignment() != null) {
      message.setBest(best(plan, study.best(), study.bestAssignment()));
    }
    return message.build();
  }

  private static Best best(StudyPlan plan, StudyView.Best point, Assignment assignment) {
    return Best.newBuilder()
        .setTrial(point.trial())
        .setStep(point.step())
        .putAllMetrics(point.metrics())
        .setAssignment(AssignmentMapper.toProto(plan.space(), assignment))
        .build();
  }

  /** What is known of a study that does not answer. */
  static Study toProto(StudyRow row) {
    return Study.newBuilder()
        .setId(row.id())
        .setName(row.name())
        .setState(toProto(StudyStatus.valueOf(row.status())))
        .setReason(row.reason())
        .setCreated(Timestamps.fromMillis(row.created()))
        .build();
  }

  private static Duration elapsed(StudySummary study, long now) {
    long end = study.status() == StudyStatus.ENDED ? study.updated() : now;
    return Durations.fromMillis(Math.max(0, end - study.created()));
  }

  private static StudyState toProto(StudyStatus status) {
    return switch (status) {
      case EMPTY -> StudyState.STUDY_STATE_UNSPECIFIED;
      case RUNNING -> StudyState.STUDY_STATE_RUNNING;
      case PAUSED -> StudyState.STUDY_STATE_PAUSED;
      case STOPPING -> StudyState.STUDY_STATE_STOPPING;
      case ENDED -> StudyState.STUDY_STATE_ENDED;
    };
  }
}
