package dev.rung.cli;

import dev.rung.proto.v1.Trial;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists the trials of a study. */
final class TrialList extends ClientCommand {
  @Parameters(paramLabel = "STUDY", description = "Id, start of an id, or name.")
  private String study = "";

  @Option(names = "--after", paramLabel = "N", description = "Only trials with a higher number.")
  private long after;

  TrialList(Console console) {
    super(console);
  }

  @Override
  int run(Client client) {
    List<Trial> trials = client.trials(study, after);
    if (output.isJson()) {
      console.printJson(trials.stream().map(JsonOf::trial).toList());
    } else {
      console.print(TrialText.list(trials));
    }
    return 0;
  }
}
