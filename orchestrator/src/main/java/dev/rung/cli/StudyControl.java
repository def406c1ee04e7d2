package dev.rung.cli;

import dev.rung.proto.v1.Study;
import dev.rung.proto.v1.StudyAction;
import java.util.List;
import picocli.CommandLine.Parameters;

/** Changes what a study is doing. */
final class StudyControl extends ClientCommand {
  private final StudyAction action;

  @Parameters(paramLabel = "STUDY", description = "Id, start of an id, or name.")
  private String study = "";

  StudyControl(Console console, StudyAction action) {
    super(console);
    this.action = action;
  }

  @Override
  int run(Client client) {
    Study now = client.control(study, action);
    if (output.isJson()) {
      console.printJson(JsonOf.study(now));
    } else {
      console.print(List.of(now.getName() + "  " + StudyText.state(now)));
    }
    return 0;
  }
}
