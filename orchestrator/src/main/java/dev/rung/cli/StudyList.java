package dev.rung.cli;

import dev.rung.proto.v1.ListStudiesResponse;
import picocli.CommandLine.Option;

/** Lists studies. */
final class StudyList extends ClientCommand {
  @Option(
      names = "--limit",
      paramLabel = "N",
      description = "At most this many, the newest first; default 100, at most 1,000.")
  private int limit;

  StudyList(Console console) {
    super(console);
  }

  @Override
  int run(Client client) {
    ListStudiesResponse answer = client.studies(limit);
    if (output.isJson()) {
      console.printJson(answer.getStudiesList().stream().map(JsonOf::study).toList());
    } else {
      console.print(StudyText.list(answer.getStudiesList(), answer.getTotal()));
    }
    return 0;
  }
}
