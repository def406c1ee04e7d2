package dev.rung.api;

import dev.rung.proto.v1.ExplainTrialRequest;
import dev.rung.proto.v1.ExplainTrialResponse;
import dev.rung.proto.v1.ListTrialsRequest;
import dev.rung.proto.v1.ListTrialsResponse;
import dev.rung.proto.v1.Trial;
import dev.rung.storage.ReadSide;
import dev.rung.storage.ReadSide.TrialRow;
import dev.rung.study.Entry;
import dev.rung.study.ErrorCode;
import dev.rung.study.StudySummary;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Reads of trials, never older than the study was when it was asked. */
final class TrialReads {
  private final StudyLookup lookup;
  private final ReadSide reads;

  TrialReads(StudyLookup lookup, ReadSide reads) {
    this.lookup = lookup;
    this.reads = reads;
  }

  /** A trial with its study. */
  record Found(StudySummary study, TrialRow row) {

    Trial toProto() {
      return TrialMapper.toProto(study.plan().space(), row);
    }

    /** Its newest checkpoint. */
    Entry.Checkpoint checkpoint() {
      Entry.Checkpoint checkpoint = row.checkpoint();
      if (checkpoint == null) {
        throw new ApiException(
            ErrorCode.NOT_FOUND,
            "trial %d of study %s has no checkpoint".formatted(row.number(), study.plan().name()));
      }
      return checkpoint;
    }
  }

  /** A page of trials. */
  CompletionStage<ListTrialsResponse> list(ListTrialsRequest request) {
    int after = Limits.number("after", request.getAfter(), 0, Integer.MAX_VALUE);
    int limit = Limits.page(request.getLimit(), Limits.PAGE);
    return lookup
        .caughtUp(request.getStudy())
        .thenCompose(study -> lookup.read(() -> page(study, after, limit)));
  }

  /**
   * One trial.
   *
   * @param trial its number; 0: the best
   */
  CompletableFuture<Found> find(String study, long trial) {
    return lookup.summary(study).thenCompose(summary -> find(summary, trial));
  }

  /** One trial of a study, once the tables know the study as it is here. */
  CompletableFuture<Found> find(StudySummary study, long trial) {
    return lookup
        .caughtUp(study)
        .thenCompose(summary -> lookup.read(() -> row(summary, number(summary, trial))));
  }

  /** A trial and every decision about it. */
  CompletionStage<ExplainTrialResponse> explain(ExplainTrialRequest request) {
    return find(request.getStudy(), request.getTrial())
        .thenCompose(found -> lookup.read(() -> explanation(found)));
  }

  private ListTrialsResponse page(StudySummary study, int after, int limit) {
    ListTrialsResponse.Builder message = ListTrialsResponse.newBuilder();
    for (TrialRow row : reads.trials(study.id(), after, limit)) {
      message.addTrials(TrialMapper.toProto(study.plan().space(), row));
    }
    return message.build();
  }

  private Found row(StudySummary study, int number) {
    return reads
        .trial(study.id(), number)
        .map(row -> new Found(study, row))
        .orElseThrow(() ->
            new ApiException(
                ErrorCode.NOT_FOUND,
                "study %s has no trial %d".formatted(study.plan().name(), number)));
  }

  private ExplainTrialResponse explanation(Found found) {
    ExplainTrialResponse.Builder message =
        ExplainTrialResponse.newBuilder().setTrial(found.toProto());
    reads
        .verdicts(found.study().id(), found.row().number())
        .forEach(verdict -> message.addVerdicts(TrialMapper.toProto(verdict)));
    return message.build();
  }

  private static int number(StudySummary study, long trial) {
    if (trial != 0) {
      return Limits.number("trial", trial, 0, Integer.MAX_VALUE);
    }
    if (study.best() == null) {
      throw new ApiException(
          ErrorCode.NOT_FOUND,
          "study %s has no best trial yet: none has a value".formatted(study.plan().name()));
    }
    return study.best().trial();
  }
}
