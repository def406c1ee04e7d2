package dev.rung.cli;

import dev.rung.proto.v1.CreateStudyRequest;
import dev.rung.proto.v1.CreateStudyResponse;
import dev.rung.proto.v1.Study;
import dev.rung.studyfile.Problem;
import dev.rung.studyfile.StudyFile;
import java.nio.file.Path;
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
  @Parameters(paramLabel = "FILE", description = "The study file.")
  private Path file = Path.of("");

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
    CreateStudyResponse created =
        create(client, file, key != null ? key : UUID.randomUUID().toString(), trials);
    created.getWarningsList().forEach(warning -> console.error("warning: " + warning));
    Study study = created.getStudy();
    if (wait) {
      return StudyWait.untilEnded(
          client, console, output.isJson(), study.getId(), Optional.empty());
    }
    if (output.isJson()) {
      Map<String, @Nullable Object> json = JsonOf.study(study);
      json.put("warnings", List.copyOf(created.getWarningsList()));
      console.printJson(json);
    } else {
      console.print(
          List.of(
              "Study %s runs as %s.".formatted(study.getName(), study.getId()),
              "See it go on: rung study watch " + study.getId().substring(0, 8)));
    }
    return 0;
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
