package dev.rung.cli;

import dev.rung.proto.v1.Trial;
import picocli.CommandLine.Mixin;

/** Shows one trial with its attempts. */
final class TrialShow extends ClientCommand {
  @Mixin private final TrialArgument argument = new TrialArgument();

  TrialShow(Console console) {
    super(console);
  }

  @Override
  int run(Client client) {
    Trial trial = client.trial(argument.study, argument.trial());
    if (output.isJson()) {
      console.printJson(JsonOf.trial(trial));
    } else {
      console.print(TrialText.page(trial));
    }
    return 0;
  }
}
