package dev.rung.cli;

import dev.rung.proto.v1.Study;
import picocli.CommandLine.Parameters;

/** Shows one study as it is now. */
final class StudyShow extends ClientCommand {
  @Parameters(paramLabel = "STUDY", description = "Id, start of an id, or name.")
  private String study = "";

  StudyShow(Console console) {
    super(console);
  }

  @Override
  int run(Client client) {
    Study found = client.study(study);
    if (output.isJson()) {
      console.printJson(JsonOf.study(found));
    } else {
      console.print(StudyText.page(found));
    }
    return 0;
  }
}
