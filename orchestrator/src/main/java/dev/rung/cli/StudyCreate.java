package dev.rung.cli;

import dev.rung.proto.v1.CreateStudyRequest;
import dev.rung.proto.v1.CreateStudyResponse;
import dev.rung.proto.v1.Study;
import dev.rung.studyfile.Problem;
import dev.rung.studyfile.StudyFile;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Starts a study. */
final class StudyCreate extends ClientCommand {
  @Parameters(
      arity = "0..*",
      paramLabel = "FILE|KEY=VALUE",
      description = {
        "The study file; with --from sections that replace those of the study.",
        "KEY=VALUE as in the file changes one of its keys; KEY= takes it out."
      })
  private List<String> arguments = List.of();

  @Option(
      names = "--from",
      paramLabel = "STUDY",
      description = "Begin with the file of that study.")
  private String from = "";

  @Option(names = "--trials", paramLabel = "N", description = "Replaces budget.trials of the file.")
  private @Nullable Integer trials;

  @Option(
      names = "--key",
      paramLabel = "KEY",
      description = "A second create with the same key gives the same study; default a new key.")
  private @Nullable String key;

  @Option(names = "--wait", description = "Wait until the study has ended, as study wait does.")
  private boolean wait;

  StudyCreate(Console console) {
    super(console);
  }

  @Override
  int run(Client client) {
    CreateStudyResponse created = client.create(request());
    created.getWarningsList().forEach(warning -> console.error("warning: " + warning));
    if (!output.isJson()) {
      created.getNotesList().forEach(note -> console.error("note: " + note));
    }
    Study study = created.getStudy();
    if (wait) {
      return StudyWait.untilEnded(
          client, console, output.isJson(), study.getId(), Optional.empty());
    }
    if (output.isJson()) {
      Map<String, @Nullable Object> json = JsonOf.study(study);
      json.put("warnings", List.copyOf(created.getWarningsList()));
      json.put("notes", List.copyOf(created.getNotesList()));
      json.put("changed", List.copyOf(created.getChangedList()));
      console.printJson(json);
    } else {
      List<String> lines = new ArrayList<>();
      lines.add("Study %s runs as %s.".formatted(study.getName(), study.getId()));
      if (!from.isEmpty()) {
        lines.add(
            created.getChangedCount() == 0
                ? "It is as %s was, with other chance.".formatted(from)
                : "Other than in %s: %s."
                    .formatted(from, String.join(", ", created.getChangedList())));
      }
      lines.add("See it go on: rung study watch " + study.getId().substring(0, 8));
      console.print(lines);
    }
    return 0;
  }

  private CreateStudyRequest request() {
    CreateStudyRequest.Builder request =
        CreateStudyRequest.newBuilder()
            .setFrom(from)
            .setKey(key != null ? key : UUID.randomUUID().toString());
    List<String> files = arguments.stream().filter(argument -> !isSetting(argument)).toList();
    if (files.size() > 1 || (files.isEmpty() && from.isEmpty())) {
      throw new Failure(
          Failure.USAGE,
          "FILE: expected one study file%s, but came %d"
              .formatted(from.isEmpty() ? "" : " at most", files.size()));
    }
    for (String name : files) {
      Path file = Path.of(name);
      request
          .setFile(from.isEmpty() ? check(file) : StudyFiles.read(file))
          .setFileName(String.valueOf(file.getFileName()));
    }
    arguments.stream().filter(StudyCreate::isSetting).forEach(request::addSettings);
    if (trials != null) {
      request.setTrials(trials);
    }
    return request.build();
  }

  /** A key of a study file holds no slash before its sign; a file's name may hold a sign. */
  private static boolean isSetting(String argument) {
    return argument.matches("[A-Za-z_][A-Za-z0-9_.-]*=.*");
  }

  /**
   * Creates a study from a file. The file is checked here first, where there is room for every
   * error.
   *
   * @param trials replaces the file's budget; null: it does not
   */
  static CreateStudyResponse create(
      Client client, Path file, String key, @Nullable Integer trials) {
    String text = check(file);
    CreateStudyRequest.Builder request =
        CreateStudyRequest.newBuilder()
            .setFile(text)
            .setFileName(String.valueOf(file.getFileName()))
            .setKey(key);
    if (trials != null) {
      request.setTrials(trials);
    }
    return client.create(request.build());
  }

  /**
   * The text of a file that is a valid study file.
   *
   * @throws Failure it is not; the message has every error
   */
  static String check(Path file) {
    String text = StudyFiles.read(file);
    if (StudyFiles.check(file, text) instanceof StudyFile.Invalid(List<Problem> problems)) {
      throw new Failure(
          Failure.USAGE,
          problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    }
    return text;
  }
}
