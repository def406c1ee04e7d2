package dev.rung.cli;

import dev.rung.proto.v1.PutMetricRequest;
import dev.rung.proto.v1.Trial;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Gives a trial a metric that does not come from its trainer. */
final class MetricPut extends ClientCommand {
  @Parameters(index = "0", paramLabel = "STUDY", description = "Id, start of an id, or name.")
  private String study = "";

  @Parameters(index = "1", paramLabel = "TRIAL", description = "The trial's number.")
  private int trial;

  @Parameters(index = "2", paramLabel = "NAME", description = "The metric's name.")
  private String metric = "";

  @Parameters(index = "3", paramLabel = "VALUE", description = "A number.")
  private double value;

  @Option(
      names = "--rung",
      paramLabel = "LEVEL",
      description = "Only if the trial waits at this level; default wherever it waits.")
  private @Nullable Long rung;

  @Option(
      names = "--replace",
      description = "Take the place of a value that has decided nothing yet.")
  private boolean replace;

  MetricPut(Console console) {
    super(console);
  }

  @Override
  int run(Client client) {
    PutMetricRequest.Builder request =
        PutMetricRequest.newBuilder()
            .setStudy(study)
            .setTrial(trial)
            .setMetric(metric)
            .setValue(value)
            .setReplace(replace);
    if (rung != null) {
      request.setRung(rung);
    }
    Trial now = client.put(request.build());
    if (output.isJson()) {
      console.printJson(JsonOf.trial(now));
    } else {
      console.print(List.of("trial " + now.getNumber() + "  " + TrialText.state(now)));
    }
    return 0;
  }
}
