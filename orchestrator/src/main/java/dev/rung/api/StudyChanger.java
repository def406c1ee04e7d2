package dev.rung.api;

import dev.rung.proto.v1.SetStudyRequest;
import dev.rung.storage.ReadSide;
import dev.rung.study.ErrorCode;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudySummary;
import dev.rung.studyfile.StudyEdit;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Turns a request to change a study into its command. */
final class StudyChanger {
  private final StudyLookup lookup;
  private final ReadSide reads;

  StudyChanger(StudyLookup lookup, ReadSide reads) {
    this.lookup = lookup;
    this.reads = reads;
  }

  /** A checked request. */
  record Draft(String study, StudyCommand.Change command, List<String> warnings) {}

  /** Checks a request against the study as it is now. */
  CompletableFuture<Draft> draft(SetStudyRequest request) {
    String fileName = Limits.text("file_name", request.getFileName(), 0, Limits.FILE_NAME);
    StudyEdit edit =
        new StudyEdit(
            Limits.settings(request.getSettingsList()),
            Limits.file(request.getFile()),
            fileName.isEmpty() ? "file" : fileName);
    edit.notLiving()
        .ifPresent(faulty -> {
          throw new ApiException(ErrorCode.INVALID, ErrorLines.of(faulty.errors()));
        });
    return lookup
        .caughtUp(request.getStudy())
        .thenCompose(study ->
            lookup.read(() -> draft(study, source(study), edit, request.getDropOutside())));
  }

  private String source(StudySummary study) {
    return reads
        .source(study.id())
        .orElseThrow(() ->
            new ApiException(
                ErrorCode.CONFLICT,
                "expected a study whose file was kept, but this one is of an older version"));
  }

  private static Draft draft(
      StudySummary study, String source, StudyEdit edit, boolean dropOutside) {
    StudyPlan before = study.plan();
    return switch (edit.apply(source, before::seed)) {
      case StudyEdit.Faulty(List<String> errors) ->
          throw new ApiException(ErrorCode.INVALID, ErrorLines.of(errors));
      case StudyEdit.Edited edited -> {
        boolean hasSpace =
            edited.changed().contains("space") || edited.changed().contains("forbid");
        StudyPlan after = before.withChangeableOf(edited.plan());
        yield new Draft(
            study.id(),
            new StudyCommand.Change(
                hasSpace ? after : after.over(before.space()),
                dropOutside,
                Optional.of(before),
                Optional.of(edited.text())),
            edited.warnings());
      }
    };
  }
}
