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
          console.printJson(json(true, List.of(), valid.warnings()));
        } else {
          console.print(List.of(file + ": valid"));
          valid.warnings().forEach(warning -> console.error("warning: " + warning));
        }
        yield 0;
      }
      case StudyFile.Invalid invalid -> {
        if (output.isJson()) {
          console.printJson(json(false, invalid.problems(), List.of()));
        } else {
          invalid.problems().forEach(problem -> console.error(problem.toString()));
        }
        yield Failure.USAGE;
      }
    };
  }

  private static Object json(boolean valid, List<Problem> errors, List<Problem> warnings) {
    Map<String, @Nullable Object> json = JsonOf.object();
    json.put("valid", valid);
    json.put("errors", errors.stream().map(StudyValidate::json).toList());
    json.put("warnings", warnings.stream().map(StudyValidate::json).toList());
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
