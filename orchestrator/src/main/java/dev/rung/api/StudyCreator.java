package dev.rung.api;

import dev.rung.fleet.Fleet;
import dev.rung.fleet.RatedNode;
import dev.rung.proto.v1.CreateStudyRequest;
import dev.rung.storage.ReadSide;
import dev.rung.study.ErrorCode;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudySummary;
import dev.rung.studyfile.Problem;
import dev.rung.studyfile.StudyEdit;
import dev.rung.studyfile.StudyFile;
import dev.rung.studyfile.WarmStart;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** Turns a create request into the command that begins the study. */
final class StudyCreator {
  private final StudyKeys keys;
  private final Fleet fleet;
  private final StudyLookup lookup;
  private final ReadSide reads;
  private final WarmStarter warmStarter;

  StudyCreator(StudyKeys keys, Fleet fleet, StudyLookup lookup, ReadSide reads) {
    this.keys = keys;
    this.fleet = fleet;
    this.lookup = lookup;
    this.reads = reads;
    this.warmStarter = new WarmStarter(lookup, reads);
  }

  /**
   * A checked request.
   *
   * @param changed keys and sections that differ from those of the study it was made from
   * @param notes what was taken from earlier studies
   */
  record Draft(
      StudyCommand.Create command,
      List<String> warnings,
      List<String> changed,
      List<String> notes) {}

  /** A file that can be run. */
  private record Read(
      String text,
      StudyPlan plan,
      List<WarmStart> warmStarts,
      List<String> warnings,
      List<String> changed) {}

  /** Checks a request; reads all of the file. */
  CompletableFuture<Draft> draft(CreateStudyRequest request) {
    StudyKeys.Identity identity = keys.of(Limits.text("key", request.getKey(), 1, Limits.KEY));
    String text = Limits.file(request.getFile());
    String name = Limits.text("file_name", request.getFileName(), 0, Limits.FILE_NAME);
    String fileName = name.isEmpty() ? "file" : name;
    List<String> settings = new ArrayList<>(Limits.settings(request.getSettingsList()));
    if (request.hasTrials()) {
      settings.add(
          "budget.trials=" + Limits.number("trials", request.getTrials(), 1, Limits.TRIALS));
    }
    return (request.getFrom().isEmpty()
            ? lookup.read(() -> read(text, fileName, settings, identity))
            : lookup
                .caughtUp(request.getFrom())
                .thenCompose(study ->
                    lookup.read(() ->
                        edited(source(study), new StudyEdit(settings, text, fileName), identity))))
        .thenCompose(read ->
            warmStarter
                .start(read.plan(), read.warmStarts())
                .thenApply(started ->
                    new Draft(
                        new StudyCommand.Create(identity.id(), started.plan(), read.text()),
                        read.warnings(),
                        request.getFrom().isEmpty() ? List.of() : read.changed(),
                        started.notes())));
  }

  private String source(StudySummary study) {
    return reads
        .source(study.id())
        .orElseThrow(() ->
            new ApiException(
                ErrorCode.CONFLICT,
                "from: expected a study whose file was kept, but this one is of an older version"));
  }

  private static Read read(
      String text, String fileName, List<String> settings, StudyKeys.Identity identity) {
    return switch (StudyFile.parse(text, fileName, identity::seed)) {
      case StudyFile.Invalid invalid ->
          throw new ApiException(
              ErrorCode.INVALID,
              ErrorLines.of(invalid.problems().stream().map(Problem::toString).toList()));
      case StudyFile.Valid valid ->
          settings.isEmpty()
              ? new Read(
                  text,
                  valid.plan(),
                  valid.warmStarts(),
                  valid.warnings().stream().map(Problem::toString).toList(),
                  List.of())
              : edited(text, new StudyEdit(settings, "", fileName), identity);
    };
  }

  private static Read edited(String source, StudyEdit edit, StudyKeys.Identity identity) {
    return switch (edit.apply(source, identity::seed)) {
      case StudyEdit.Faulty(List<String> errors) ->
          throw new ApiException(ErrorCode.INVALID, ErrorLines.of(errors));
      case StudyEdit.Edited edited ->
          new Read(
              edited.text(),
              edited.plan(),
              edited.warmStarts(),
              edited.warnings(),
              edited.changed());
    };
  }

  /** The draft's warnings, with one more where no connected node can train the study now. */
  CompletableFuture<List<String>> warnings(Draft draft) {
    String kind = draft.command().plan().trainer().kind();
    return fleet
        .nodes()
        .toCompletableFuture()
        .thenApply(nodes -> unknownKind(kind, nodes))
        .exceptionally(failure -> List.of("the fleet could not be asked for trainers of " + kind))
        .thenApply(more -> {
          List<String> all = new ArrayList<>(draft.warnings());
          all.addAll(more);
          return all;
        });
  }

  private static List<String> unknownKind(String kind, List<RatedNode> nodes) {
    TreeSet<String> offered = new TreeSet<>();
    nodes.forEach(rated -> offered.addAll(rated.node().kinds()));
    if (offered.contains(kind)) {
      return List.of();
    }
    return List.of(
        "trainer.kind: no connected node has a trainer of kind %s, the study waits for one; offered: %s"
            .formatted(kind, offered.isEmpty() ? "none" : String.join(", ", offered)));
  }
}
