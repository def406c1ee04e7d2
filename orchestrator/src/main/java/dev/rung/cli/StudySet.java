package dev.rung.cli;

import dev.rung.proto.v1.SetStudyRequest;
import dev.rung.proto.v1.SetStudyResponse;
import dev.rung.proto.v1.Study;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Changes what a study is to do, while it runs or after its end. */
final class StudySet extends ClientCommand {
  @Parameters(index = "0", paramLabel = "STUDY", description = "Id, start of an id, or name.")
  private String study = "";

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "KEY=VALUE",
      description = {
        "As in the study file: any of budget.*, priority, weight, algorithm.eta, resource.max.",
        "KEY= takes a bound away."
      })
  private List<String> settings = List.of();

  @Option(
      names = "--space",
      paramLabel = "FILE",
      description = "A file with the space, and forbid, that take the place of the study's.")
  private @Nullable Path space;

  @Option(
      names = "--drop-outside",
      description = "End trials that wait and that the space does not have any more.")
  private boolean dropOutside;

  StudySet(Console console) {
    super(console);
  }

  @Override
  int run(Client client) {
    SetStudyRequest.Builder request =
        SetStudyRequest.newBuilder()
            .setStudy(study)
            .addAllSettings(settings)
            .setDropOutside(dropOutside);
    if (space != null) {
      request.setFile(StudyFiles.read(space)).setFileName(String.valueOf(space.getFileName()));
    }
    SetStudyResponse set = client.set(request.build());
    set.getWarningsList().forEach(warning -> console.error("warning: " + warning));
    Study now = set.getStudy();
    if (output.isJson()) {
      Map<String, @Nullable Object> json = JsonOf.study(now);
      json.put("warnings", List.copyOf(set.getWarningsList()));
      console.printJson(json);
    } else {
      console.print(
          List.of(
              now.getName() + "  " + StudyText.state(now),
              now.getChange().isEmpty()
                  ? "Nothing was ever changed."
                  : "Newest change: " + now.getChange()));
    }
    return 0;
  }
}
