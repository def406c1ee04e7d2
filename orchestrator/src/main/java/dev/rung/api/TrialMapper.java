package dev.rung.api;

import com.google.protobuf.ByteString;
import com.google.protobuf.util.Timestamps;
import dev.rung.halving.Evidence;
import dev.rung.proto.v1.Attempt;
import dev.rung.proto.v1.Checkpoint;
import dev.rung.proto.v1.Trial;
import dev.rung.proto.v1.TrialState;
import dev.rung.proto.v1.Verdict;
import dev.rung.space.SearchSpace;
import dev.rung.storage.ReadSide.AttemptRow;
import dev.rung.storage.ReadSide.TrialRow;
import dev.rung.storage.ReadSide.VerdictRow;
import dev.rung.study.Cause;
import dev.rung.study.Entry;
import dev.rung.study.TrialStatus;
import java.util.HexFormat;

/** Trials, their attempts and their decisions in the protocol's messages. */
final class TrialMapper {
  private TrialMapper() {}

  /** A trial of a study with this space. */
  static Trial toProto(SearchSpace space, TrialRow row) {
    Trial.Builder message =
        Trial.newBuilder()
            .setNumber(row.number())
            .setState(toProto(TrialStatus.valueOf(row.status())))
            .setReason(row.reason())
            .setAssignment(AssignmentMapper.toProto(space, row.assignment()))
            .setStep(row.step())
            .setParent(row.parent());
    if (row.best() != null) {
      message.setBest(row.best());
    }
    if (row.checkpoint() != null) {
      message.setCheckpoint(toProto(row.checkpoint()));
    }
    row.attempts().forEach(attempt -> message.addAttempts(toProto(attempt)));
    return message.build();
  }

  /** A checkpoint. */
  static Checkpoint toProto(Entry.Checkpoint checkpoint) {
    return Checkpoint.newBuilder()
        .setStep(checkpoint.step())
        .setPlace(checkpoint.place())
        .setBytes(checkpoint.bytes())
        .setDigest(ByteString.copyFrom(HexFormat.of().parseHex(checkpoint.digest())))
        .build();
  }

  /** A decision. */
  static Verdict toProto(VerdictRow row) {
    Verdict.Builder message =
        Verdict.newBuilder()
            .setEvent(row.event())
            .setTime(Timestamps.fromMillis(row.time()))
            .setAttempt(row.attempt())
            .setVerdict(row.verdict())
            .setText(row.text());
    Evidence evidence = row.evidence();
    if (evidence != null) {
      message
          .setRule(evidence.rule())
          .setRung(evidence.level())
          .setValue(evidence.value())
          .setRank(evidence.rank())
          .setN(evidence.n())
          .setCutoff(evidence.cutoff());
    }
    return message.build();
  }

  private static Attempt toProto(AttemptRow row) {
    Attempt.Builder message =
        Attempt.newBuilder()
            .setNumber(row.number())
            .setNode(row.node())
            .setLeased(Timestamps.fromMillis(row.leased()))
            .setMessage(row.message())
            .setStartStep(row.startStep());
    if (row.ended() != 0) {
      message.setEnded(Timestamps.fromMillis(row.ended()));
    }
    if (!row.cause().isEmpty()) {
      message.setCause(toProto(Cause.valueOf(row.cause())));
    }
    return message.build();
  }

  private static TrialState toProto(TrialStatus status) {
    return switch (status) {
      case WAITING -> TrialState.TRIAL_STATE_WAITING;
      case RUNNING -> TrialState.TRIAL_STATE_RUNNING;
      case PAUSED -> TrialState.TRIAL_STATE_PAUSED;
      case AWAITING_METRIC -> TrialState.TRIAL_STATE_AWAITING_METRIC;
      case COMPLETED -> TrialState.TRIAL_STATE_COMPLETED;
      case STOPPED -> TrialState.TRIAL_STATE_STOPPED;
      case FAILED -> TrialState.TRIAL_STATE_FAILED;
      case INFEASIBLE -> TrialState.TRIAL_STATE_INFEASIBLE;
    };
  }

  private static dev.rung.proto.v1.Cause toProto(Cause cause) {
    return switch (cause) {
      case COMPLETED -> dev.rung.proto.v1.Cause.CAUSE_COMPLETED;
      case PAUSED -> dev.rung.proto.v1.Cause.CAUSE_PAUSED;
      case STOPPED -> dev.rung.proto.v1.Cause.CAUSE_STOPPED;
      case PREEMPTED -> dev.rung.proto.v1.Cause.CAUSE_PREEMPTED;
      case LOST -> dev.rung.proto.v1.Cause.CAUSE_LOST;
      case OUT_OF_MEMORY -> dev.rung.proto.v1.Cause.CAUSE_OUT_OF_MEMORY;
      case DIVERGED -> dev.rung.proto.v1.Cause.CAUSE_DIVERGED;
      case INFEASIBLE -> dev.rung.proto.v1.Cause.CAUSE_INFEASIBLE;
      case NO_METRICS -> dev.rung.proto.v1.Cause.CAUSE_NO_METRICS;
      case USER_ERROR -> dev.rung.proto.v1.Cause.CAUSE_USER_ERROR;
      case BAD_CHECKPOINT -> dev.rung.proto.v1.Cause.CAUSE_BAD_CHECKPOINT;
    };
  }
}
