package dev.rung.cli;

import dev.rung.proto.v1.ExplainTrialResponse;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;

/** Tells every decision about a trial with what it rests on. */
final class TrialWhy extends ClientCommand {
  @Mixin private final TrialArgument argument = new TrialArgument();

  TrialWhy(Console console) {
    super(console);
  }

  @Override
  int run(Client client) {
    ExplainTrialResponse answer = client.explain(argument.study, argument.trial());
    if (output.isJson()) {
      Map<String, @Nullable Object> json = JsonOf.trial(answer.getTrial());
      json.put("verdicts", answer.getVerdictsList().stream().map(JsonOf::verdict).toList());
      console.printJson(json);
    } else {
      console.print(TrialText.why(answer.getTrial(), answer.getVerdictsList()));
    }
    return 0;
  }
}
