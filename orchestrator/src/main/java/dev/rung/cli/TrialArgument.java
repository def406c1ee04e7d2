package dev.rung.cli;

import picocli.CommandLine.Parameters;

/** Which trial of which study. */
final class TrialArgument {
  @Parameters(index = "0", paramLabel = "STUDY", description = "Id, start of an id, or name.")
  String study = "";

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "TRIAL|best",
      description = "The trial's number; default best.")
  private String trial = "best";

  /** The trial's number; 0: the best. */
  long trial() {
    if (trial.equals("best")) {
      return 0;
    }
    try {
      long number = Long.parseLong(trial);
      if (number > 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // Told below, as any other text that is no number from 1.
    }
    throw new Failure(
        Failure.USAGE, "TRIAL: expected a number from 1, or best, but came \"" + trial + "\"");
  }
}
