package dev.rung.cli;

import dev.rung.studyfile.Problem;
import dev.rung.studyfile.StudyFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** Checks a study file without a server. */
final class StudyValidate implements Callable<Integer> {
  private final Console console;

  @Mixin private final OutputOption output = new OutputOption();

  @Parameters(paramLabel = "FILE", description = "The study file.")
  private Path file = Path.of("");

  StudyValidate(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    return switch (StudyFiles.check(file, StudyFiles.read(file))) {
      case StudyFile.Valid valid -> {
        if (output.isJson()) {
          console.printJson(json(true, List.of(), valid.warnings(), notes(valid)));
        } else {
          console.print(List.of(file + ": valid"));
          valid.warnings().forEach(warning -> console.error("warning: " + warning));
          notes(valid).forEach(note -> console.error("note: " + note));
        }
        yield 0;
      }
      case StudyFile.Invalid invalid -> {
        if (output.isJson()) {
          console.printJson(json(false, invalid.problems(), List.of(), List.of()));
        } else {
          invalid.problems().forEach(problem -> console.error(problem.toString()));
        }
        yield Failure.USAGE;
      }
    };
  }

  private static List<String> notes(StudyFile.Valid valid) {
    return valid.warmStarts().stream()
        .map(start ->
            "warm_start: whether there is a study %s to begin with is checked by the server when"
                    .formatted(start.study())
                + " the study is created")
        .toList();
  }

  private static Object json(
      boolean valid, List<Problem> errors, List<Problem> warnings, List<String> notes) {
    Map<String, @Nullable Object> json = JsonOf.object();
    json.put("valid", valid);
    json.put("errors", errors.stream().map(StudyValidate::json).toList());
    json.put("warnings", warnings.stream().map(StudyValidate::json).toList());
    if (!notes.isEmpty()) {
      json.put("notes", notes);
    }
    return json;
  }

  private static Map<String, @Nullable Object> json(Problem problem) {
    Map<String, @Nullable Object> json = JsonOf.object();
    json.put("line", problem.line());
    json.put("column", problem.column());
    json.put("path", problem.path());
    json.put("message", problem.message());
    return json;
  }
}
