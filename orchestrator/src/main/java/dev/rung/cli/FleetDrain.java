package dev.rung.cli;

import com.google.protobuf.util.Durations;
import dev.rung.proto.v1.DrainNodeRequest;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Has a trainer node end in order. */
final class FleetDrain extends ClientCommand {

  @Parameters(paramLabel = "NODE", description = "Its name.")
  private String node = "";

  @Option(
      names = "--deadline",
      paramLabel = "TIME",
      converter = DurationOption.class,
      description = {
        "When it has to be gone, for instance 2m. Trials without a",
        "checkpoint until then go on from their last. Default: as long",
        "as its operator gave it."
      })
  private @Nullable Duration deadline;

  @Option(names = "--reason", paramLabel = "TEXT", description = "For its log.")
  private String reason = "";

  FleetDrain(Console console) {
    super(console);
  }

  @Override
  int run(Client client) {
    DrainNodeRequest.Builder request =
        DrainNodeRequest.newBuilder().setNode(node).setReason(reason);
    if (deadline != null) {
      request.setDeadline(Durations.fromMillis(deadline.toMillis()));
    }
    client.drain(request.build());
    if (!output.isJson()) {
      console.print(List.of("node " + node + " drains"));
    }
    return 0;
  }
}
