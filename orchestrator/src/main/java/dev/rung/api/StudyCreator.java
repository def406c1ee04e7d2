package dev.rung.api;

import dev.rung.fleet.Fleet;
import dev.rung.fleet.NodeInfo;
import dev.rung.proto.v1.CreateStudyRequest;
import dev.rung.study.ErrorCode;
import dev.rung.study.StudyCommand;
import dev.rung.study.StudyPlan;
import dev.rung.study.StudyPlan.Budget;
import dev.rung.studyfile.Problem;
import dev.rung.studyfile.StudyFile;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;

/** Turns a create request into the command that begins the study. */
final class StudyCreator {
  /** Errors are sent in a header, which clients take up to 8 KiB of. */
  private static final int SHOWN_BYTES = 6_000;

  private final StudyKeys keys;
  private final Fleet fleet;

  StudyCreator(StudyKeys keys, Fleet fleet) {
    this.keys = keys;
    this.fleet = fleet;
  }

  /** A checked request. */
  record Draft(StudyCommand.Create command, List<String> warnings) {}

  /** Checks a request; reads all of the file. */
  Draft draft(CreateStudyRequest request) {
    String text = Limits.file(request.getFile());
    String name = Limits.text("file_name", request.getFileName(), 0, Limits.FILE_NAME);
    StudyKeys.Identity identity = keys.of(Limits.text("key", request.getKey(), 1, Limits.KEY));
    OptionalInt trials =
        request.hasTrials()
            ? OptionalInt.of(Limits.number("trials", request.getTrials(), 1, Limits.TRIALS))
            : OptionalInt.empty();
    return switch (StudyFile.parse(text, name.isEmpty() ? "file" : name, identity::seed)) {
      case StudyFile.Invalid invalid ->
          throw new ApiException(ErrorCode.INVALID, lines(invalid.problems()));
      case StudyFile.Valid valid ->
          new Draft(
              new StudyCommand.Create(
                  identity.id(), plan(valid.plan(), trials), source(text, trials)),
              valid.warnings().stream().map(Problem::toString).toList());
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

  private static List<String> unknownKind(String kind, List<NodeInfo> nodes) {
    TreeSet<String> offered = new TreeSet<>();
    nodes.forEach(node -> offered.addAll(node.kinds()));
    if (offered.contains(kind)) {
      return List.of();
    }
    return List.of(
        "trainer.kind: no connected node has a trainer of kind %s, the study waits for one; offered: %s"
            .formatted(kind, offered.isEmpty() ? "none" : String.join(", ", offered)));
  }

  private static StudyPlan plan(StudyPlan plan, OptionalInt trials) {
    if (trials.isEmpty()) {
      return plan;
    }
    Budget b = plan.budget();
    return plan.within(
        new Budget(
            trials,
            b.parallel(),
            b.time(),
            b.resource(),
            b.target(),
            b.cost(),
            b.noImprovement(),
            b.deadline()));
  }

  /** The stored text says what replaced a value of the file, so that the text stays the truth. */
  private static String source(String text, OptionalInt trials) {
    return trials.isEmpty()
        ? text
        : text + "\n# Created with budget.trials: " + trials.getAsInt() + "\n";
  }

  private static String lines(List<Problem> problems) {
    StringBuilder text = new StringBuilder();
    int bytes = 0;
    int shown = 0;
    for (Problem problem : problems) {
      String line = (shown == 0 ? "" : "\n") + problem;
      bytes += headerBytes(line);
      if (bytes > SHOWN_BYTES && shown > 0) {
        return text.append("\n... and %,d more".formatted(problems.size() - shown)).toString();
      }
      text.append(line);
      shown++;
    }
    return text.toString();
  }

  /** A header carries printable ASCII as it is and anything else as three characters a byte. */
  private static int headerBytes(String line) {
    return line.chars().map(c -> c < 0x20 || c == '%' ? 3 : c < 0x7f ? 1 : 9).sum();
  }
}
