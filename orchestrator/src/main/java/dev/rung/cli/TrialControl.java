package dev.rung.cli;

import dev.rung.proto.v1.Trial;
import dev.rung.proto.v1.TrialAction;
import java.util.List;
import picocli.CommandLine.Parameters;

/** Changes what a trial is doing. The trial has to be named: nothing is stopped by default. */
final class TrialControl extends ClientCommand {
  private final TrialAction action;

  @Parameters(index = "0", paramLabel = "STUDY", description = "Id, start of an id, or name.")
  private String study = "";

  @Parameters(index = "1", paramLabel = "TRIAL", description = "The trial's number.")
  private int trial;

  TrialControl(Console console, TrialAction action) {
    super(console);
    this.action = action;
  }

  @Override
  int run(Client client) {
    if (trial < 1) {
      throw new Failure(Failure.USAGE, "TRIAL: expected a number from 1, but came " + trial);
    }
    Trial now = client.control(study, trial, action);
    if (output.isJson()) {
      console.printJson(JsonOf.trial(now));
    } else {
      console.print(List.of("trial " + now.getNumber() + "  " + TrialText.state(now)));
    }
    return 0;
  }
}
