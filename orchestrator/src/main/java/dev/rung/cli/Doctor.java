package dev.rung.cli;

import com.google.protobuf.util.Durations;
import dev.rung.proto.v1.GetHealthResponse;
import dev.rung.proto.v1.Trouble;
import java.util.ArrayList;
import java.util.List;

/** Tells how a server is; exit code 1 where something stands in its way. */
final class Doctor extends ClientCommand {

  Doctor(Console console) {
    super(console);
  }

  @Override
  int run(Client client) {
    GetHealthResponse health = client.health();
    if (output.isJson()) {
      console.printJson(JsonOf.health(health));
    } else {
      console.print(lines(health));
    }
    return health.getTroublesCount() == 0 ? 0 : Failure.FAILED;
  }

  private static List<String> lines(GetHealthResponse health) {
    List<String> lines = new ArrayList<>();
    lines.add(health.getSoftware() + (health.getTroublesCount() == 0 ? "  HEALTHY" : "  DEGRADED"));
    for (Trouble trouble : health.getTroublesList()) {
      lines.add(
          "study %s has not written for %d s; its reports wait, none is lost%s"
              .formatted(
                  trouble.getStudy(),
                  Durations.toSeconds(trouble.getLasting()),
                  trouble.getCause().isEmpty() ? "" : ": " + trouble.getCause()));
    }
    return lines;
  }
}
